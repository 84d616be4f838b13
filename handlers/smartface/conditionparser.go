package smartface

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/facekeep/facekeep/face"
)

// maxConditions bounds a text of conditions: an answer may repeat all of them for
// every face.
const maxConditions = 100

// conditionParser reads a text of conditions from its beginning.
type conditionParser struct {
	field, text string
	at          int // bytes read
}

func parseConditions(field, text string) ([]face.Condition, error) {
	p := &conditionParser{field: field, text: text}
	var all []face.Condition
	for {
		c, err := p.condition()
		if err != nil {
			return nil, err
		}
		if all = append(all, c); len(all) > maxConditions {
			return nil, face.FieldErrorf(field, "%s holds more than %d conditions", field, maxConditions)
		}
		if p.skipBlanks(); p.at == len(p.text) {
			return all, nil
		}
		if err := p.expect("&&", `"&&" or the end`); err != nil {
			return nil, err
		}
	}
}

func (p *conditionParser) condition() (c face.Condition, err error) {
	if c.Measure, err = p.measure(); err != nil {
		return c, err
	}
	if err = p.expect(":", `":"`); err != nil {
		return c, err
	}
	if err = p.expect("[", `"["`); err != nil {
		return c, err
	}
	p.skipBlanks()
	lower := p.at
	if c.Least, err = p.bound(); err != nil {
		return c, err
	}
	if err = p.expect(";", `";"`); err != nil {
		return c, err
	}
	if c.Most, err = p.bound(); err != nil {
		return c, err
	}
	if c.Least > c.Most {
		return c, p.errorf(lower, "the lower bound %s is above the upper bound %s", boundText(c.Least), boundText(c.Most))
	}
	return c, p.expect("]", `"]"`)
}

func (p *conditionParser) measure() (face.Measure, error) {
	p.skipBlanks()
	from := p.at
	name := p.take(func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
	known := strings.Join(measureNames[:], ", ")
	if name == "" {
		return 0, p.errorf(from, "expected one of %s, found %s", known, p.found())
	}
	i := slices.Index(measureNames[:], name)
	if i < 0 {
		return 0, p.errorf(from, "unknown name %q, expected one of %s", short(name), known)
	}
	return face.Measure(i), nil
}

// bound reads a signed decimal number, or an infinite one.
func (p *conditionParser) bound() (float64, error) {
	p.skipBlanks()
	from := p.at
	negative := strings.HasPrefix(p.text[p.at:], "-")
	if negative || strings.HasPrefix(p.text[p.at:], "+") {
		p.at++
	}
	value := math.Inf(1)
	if rest, ok := strings.CutPrefix(p.text[p.at:], "inf"); ok {
		p.at = len(p.text) - len(rest)
	} else {
		digits, ok := p.decimal()
		if !ok {
			return 0, p.errorf(p.at, `expected a number, "inf" or "-inf", found %s`, p.found())
		}
		var err error
		if value, err = strconv.ParseFloat(digits, 64); err != nil {
			return 0, p.errorf(from, "the number is too large")
		}
	}
	if negative {
		value = -value
	}
	return value, nil
}

// decimal reads digits, and a fraction of digits behind a point.
func (p *conditionParser) decimal() (string, bool) {
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	from := p.at
	if p.take(isDigit) == "" {
		return "", false
	}
	if strings.HasPrefix(p.text[p.at:], ".") {
		p.at++
		if p.take(isDigit) == "" {
			return "", false
		}
	}
	return p.text[from:p.at], true
}

// expect reads a sign, with blanks before it; wanted is what it says is missing.
func (p *conditionParser) expect(sign, wanted string) error {
	p.skipBlanks()
	if !strings.HasPrefix(p.text[p.at:], sign) {
		return p.errorf(p.at, "expected %s, found %s", wanted, p.found())
	}
	p.at += len(sign)
	return nil
}

func (p *conditionParser) skipBlanks() { p.take(unicode.IsSpace) }

// take reads as long as the characters are of a sort.
func (p *conditionParser) take(sort func(rune) bool) string {
	rest := p.text[p.at:]
	n := strings.IndexFunc(rest, func(r rune) bool { return !sort(r) })
	if n < 0 {
		n = len(rest)
	}
	p.at += n
	return rest[:n]
}

// found names what is read next.
func (p *conditionParser) found() string {
	if p.at == len(p.text) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return strconv.Quote(string(r))
}

// errorf makes an error about a place, counted in characters from 1.
func (p *conditionParser) errorf(at int, format string, args ...any) error {
	place := utf8.RuneCountInString(p.text[:at]) + 1
	return face.FieldErrorf(p.field, "%s, character %d: "+format, append([]any{p.field, place}, args...)...)
}

// short is as much of a word as an error should repeat.
func short(word string) string {
	const most = 40
	if utf8.RuneCountInString(word) <= most {
		return word
	}
	return string([]rune(word)[:most]) + "…"
}
