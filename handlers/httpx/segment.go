package httpx

import (
	"net/url"
	"strings"
)

// segment is a place in a tree of route patterns, one level per path segment.
type segment struct {
	fixed map[string]*segment // by spelling in lower case
	name  string              // spelling of the route
	param *segment            // any one segment
	rest  bool                // any number of segments follow
	ends  bool                // a route ends here
}

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

// add enters a pattern of gin's: fixed segments, ":name" and, at the end,
// "*name".
func (s *segment) add(pattern []string) {
	for _, p := range pattern {
		switch {
		case strings.HasPrefix(p, "*"):
			s.rest = true
			return
		case strings.HasPrefix(p, ":"):
			if s.param == nil {
				s.param = &segment{}
			}
			s = s.param
		default:
			s = s.fixedChild(p)
		}
	}
	s.ends = true
}

func (s *segment) fixedChild(name string) *segment {
	key := strings.ToLower(name)
	if s.fixed == nil {
		s.fixed = make(map[string]*segment)
	}
	child, ok := s.fixed[key]
	if !ok {
		child = &segment{name: name}
		s.fixed[key] = child
	}
	return child
}

// canonical returns an escaped path in the spelling of the pattern it matches,
// without a slash at its end, and whether there is one.
func (s *segment) canonical(escaped string) (string, bool) {
	parts := split(escaped)
	if out, ok := s.match(parts); ok {
		return "/" + strings.Join(out, "/"), true
	}
	if n := len(parts); n > 1 && parts[n-1] == "" {
		if out, ok := s.match(parts[:n-1]); ok {
			return "/" + strings.Join(out, "/"), true
		}
	}
	return "", false
}

// match prefers fixed segments to parameters, as gin does, and goes back where
// that leads nowhere.
func (s *segment) match(parts []string) ([]string, bool) {
	if len(parts) == 0 {
		return nil, s.ends
	}
	if child, ok := s.fixed[key(parts[0])]; ok {
		if tail, ok := child.match(parts[1:]); ok {
			return append([]string{child.name}, tail...), true
		}
	}
	if s.param != nil && parts[0] != "" {
		if tail, ok := s.param.match(parts[1:]); ok {
			return append([]string{parts[0]}, tail...), true
		}
	}
	return parts, s.rest
}

// key returns a segment as fixed ones are looked up, with escapes that need
// not be there taken out.
func key(part string) string {
	if plain, err := url.PathUnescape(part); err == nil {
		part = plain
	}
	return strings.ToLower(part)
}
