package models

import (
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// validate holds the manifest to what the rest of the package relies on: above
// all, that file names are bare names and that every hash can be met.
func (m *Manifest) validate() error {
	var errs []error
	seen := map[string]bool{}
	for _, model := range m.Models {
		if err := model.validate(); err != nil {
			errs = append(errs, fmt.Errorf("%q: %w", model.File, err))
		}
		if seen[model.File] {
			errs = append(errs, fmt.Errorf("%q: named twice", model.File))
		}
		seen[model.File] = true
	}
	for _, pack := range []Pack{Standard, Registry} {
		errs = append(errs, m.validatePack(pack)...)
	}
	return errors.Join(errs...)
}

func (m *Manifest) validatePack(pack Pack) []error {
	var errs []error
	holders := map[Role]string{}
	for _, model := range m.Models {
		role, ok := model.Packs[pack]
		if !ok {
			continue
		}
		if other, taken := holders[role]; taken {
			errs = append(errs, fmt.Errorf("%s pack: %s is both %s and %s", pack, role, other, model.File))
		}
		holders[role] = model.File
	}
	for _, role := range m.Required {
		if _, ok := holders[role]; !ok {
			errs = append(errs, fmt.Errorf("%s pack: no %s", pack, role))
		}
	}
	return errs
}

func (model Model) validate() error {
	if model.File == "" || model.File != path.Base(model.File) || strings.HasPrefix(model.File, ".") || strings.Contains(model.File, `\`) {
		return errors.New("not a bare file name")
	}
	for what, text := range map[string]string{
		"family": model.Family, "input": model.Input, "output": model.Output, "licence": model.Licence,
	} {
		if text == "" {
			return fmt.Errorf("no %s", what)
		}
	}
	if !isHex(model.SHA256, 64) {
		return fmt.Errorf("sha256 %q is not 64 hex digits in lower case", model.SHA256)
	}
	if model.Size <= 0 {
		return fmt.Errorf("size %d", model.Size)
	}
	if err := model.validatePacks(); err != nil {
		return err
	}
	return model.Source.validate()
}

func (model Model) validatePacks() error {
	if len(model.Packs) == 0 {
		return errors.New("in no pack")
	}
	for pack, role := range model.Packs {
		if pack != Standard && pack != Registry {
			return fmt.Errorf("unknown pack %q", pack)
		}
		if !slices.Contains(roles(), role) {
			return fmt.Errorf("unknown role %q", role)
		}
	}
	return nil
}

func (s Source) validate() error {
	switch s.Kind {
	case GitHub:
		if owner, name, ok := strings.Cut(s.Repo, "/"); !ok || owner == "" || name == "" || !isHex(s.Commit, 40) || s.Path == "" {
			return fmt.Errorf("source %q needs owner/name, a full commit and a path", s.Kind)
		}
	case PyPI, NPM:
		if s.Package == "" || s.Version == "" || s.Member == "" {
			return fmt.Errorf("source %q needs package, version and member", s.Kind)
		}
		// The clients read a leading dash as an option.
		if strings.HasPrefix(s.Package, "-") {
			return fmt.Errorf("source %q: package %q", s.Kind, s.Package)
		}
	case Converted:
		if s.From == nil || s.From.Kind == Converted || s.Command == "" {
			return fmt.Errorf("source %q needs what it is made from, and the command", s.Kind)
		}
		return s.From.validate()
	default:
		return fmt.Errorf("unknown source kind %q", s.Kind)
	}
	return nil
}

func isHex(s string, digits int) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == digits && s == strings.ToLower(s)
}
