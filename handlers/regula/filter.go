package regula

import (
	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// filterFields are the fields of persons that a search may be narrowed by. The
// contract has the name alone.
var filterFields = map[string]gallery.MemberField{"name": gallery.MemberName, "externalId": gallery.MemberExternalID}

func (f *searchFilter) filter() (*gallery.MemberFilter, error) {
	if f == nil {
		return nil, nil //nolint:nilnil // no filter is one that lets all pass
	}
	field, ok := filterFields[httpx.OrDefault(f.Field, "name")]
	if !ok {
		return nil, face.FieldErrorf("filter.field", "filter.field must be name or externalId")
	}
	out := &gallery.MemberFilter{Field: field, Values: f.Value}
	switch httpx.OrDefault(f.Op, "") {
	case "in":
	case "nin":
		out.Exclude = true
	default:
		return nil, face.FieldErrorf("filter.op", "filter.op must be in or nin")
	}
	return out, nil
}
