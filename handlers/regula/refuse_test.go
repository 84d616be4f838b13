package regula_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers"
)

// What the dialect refuses by itself, the gallery is not asked to do.
func TestRefused(t *testing.T) {
	t.Parallel()
	const image = `"image":{"content":"/9j/"}`
	long := strings.Repeat("ä", 201)
	tests := []struct {
		name, method, route, target, body string
		status                            int
		msg, field                        string
	}{
		{"no byte", "POST", personsRoute, "", "", 400, "the request body is empty, and a JSON object was expected", ""},
		{"malformed JSON", "POST", personsRoute, "", `{"name":`, 400, "the request body is not valid JSON: unexpected end of JSON input at byte 8", ""},
		{"no object", "POST", groupsRoute, "", `[]`, 400, "the request body must be a JSON object", ""},
		{"a person without name", "POST", personsRoute, "", `{"metadata":{}}`, 400, "name is required", "name"},
		{"a null name", "POST", personsRoute, "", `{"name":null}`, 400, "name is required", "name"},
		{"a long name", "POST", personsRoute, "", `{"name":"` + long + `"}`, 400, "name has 201 characters, at most 200 are allowed", "name"},
		{"a name of two lines", "POST", groupsRoute, "", `{"name":"a\nb","metadata":{}}`, 400, "name holds a control character", "name"},
		{"a name of another type", "POST", personsRoute, "", `{"name":7}`, 400, "name must be a string, not a number", "name"},
		{"metadata of another type", "POST", personsRoute, "", `{"name":"a","metadata":[]}`, 400, "metadata must be an object, not an array", "metadata"},
		{"a group that is no UUID", "POST", personsRoute, "", `{"name":"a","groups":["employees"]}`, 400, "groups must be a UUID", "groups"},
		{"a null group", "POST", personsRoute, "", `{"name":"a","groups":[null]}`, 400, "groups must be a UUID", "groups"},
		{"an unknown group", "POST", personsRoute, "", `{"name":"a","groups":["` + noID + `"]}`, 400, "groups: Group with id " + noID + " was not found.", "groups"},
		{"a life of nothing", "POST", personsRoute, "", `{"name":"a","ttl":0}`, 400, "ttl must be a whole number of seconds between 1 and 3153600000", "ttl"},
		{"a negative life", "POST", personsRoute, "", `{"name":"a","ttl":-5}`, 400, "ttl must be a whole number of seconds between 1 and 3153600000", "ttl"},
		{"half a second", "POST", personsRoute, "", `{"name":"a","ttl":0.5}`, 400, "ttl must be a whole number of seconds between 1 and 3153600000", "ttl"},
		{"a life without end", "POST", personsRoute, "", `{"name":"a","ttl":1e300}`, 400, "ttl must be a whole number of seconds between 1 and 3153600000", "ttl"},
		{"an end that is past", "POST", personsRoute, "", `{"name":"a","expireAt":"2001-01-01T00:00:00Z"}`, 400, "expireAt must lie within the next hundred years", "expireAt"},
		{"an end that is no time", "POST", personsRoute, "", `{"name":"a","expireAt":"soon"}`, 400, "expireAt must be a time, as in 2026-01-05T12:54:01Z", "expireAt"},

		{"a person that is no UUID", "GET", personRoute, "/api/persons/juraj-custom-id", "", 400, "personId must be a UUID", "personId"},
		{"an unknown person", "GET", personRoute, "/api/persons/" + noID, "", 404, "Person with id " + noID + " was not found.", ""},
		{"update of an unknown person", "PUT", personRoute, "/api/persons/" + noID, `{}`, 404, "Person with id " + noID + " was not found.", ""},
		{"update to an unknown group", "PUT", personRoute, "", `{"groups":["` + noID + `"]}`, 400, "groups: Group with id " + noID + " was not found.", "groups"},
		{"update to a long name", "PUT", personRoute, "", `{"name":"` + long + `"}`, 400, "name has 201 characters, at most 200 are allowed", "name"},
		{"deletion of an unknown person", "DELETE", personRoute, "/api/persons/" + noID, "", 404, "Person with id " + noID + " was not found.", ""},
		{"deletion of a person that is no UUID", "DELETE", personRoute, "/api/persons/x", "", 400, "personId must be a UUID", "personId"},

		{"no image", "POST", imagesRoute, "", `{}`, 400, "image is required", "image"},
		{"a null image", "POST", imagesRoute, "", `{"image":null}`, 400, "image is required", "image"},
		{"an empty image", "POST", imagesRoute, "", `{"image":{}}`, 400, "image data is empty: image.content must hold a picture as base64", "image.content"},
		{"bad base64", "POST", imagesRoute, "", `{"image":{"content":"*"}}`, 400, "image.content is not valid base64", "image.content"},
		{"a bad tag", "POST", imagesRoute, "", `{"tag":"a b",` + image + `}`, 400, "tag must be at most 127 letters, digits, - and _", "tag"},
		{"a long tag", "POST", searchRoute, "", `{"tag":"` + strings.Repeat("a", 128) + `",` + image + `}`, 400, "tag must be at most 127 letters, digits, - and _", "tag"},
		{"a huge size", "POST", imagesRoute, "", `{"image":{"content":"/9j/","resizeOptions":{"width":4097}}}`, 400, "image.resizeOptions.width must be between 0 and 4096, and is 4097", "image.resizeOptions.width"},
		{"a negative size", "POST", imagesRoute, "", `{"image":{"content":"/9j/","resizeOptions":{"height":-1}}}`, 400, "image.resizeOptions.height must be between 0 and 4096, and is -1", "image.resizeOptions.height"},
		{"no quality", "POST", imagesRoute, "", `{"image":{"content":"/9j/","resizeOptions":{"quality":0}}}`, 400, "image.resizeOptions.quality must be between 1 and 100, and is 0", "image.resizeOptions.quality"},
		{"an image of an unknown person", "POST", imagesRoute, "/api/persons/" + noID + "/images", `{` + image + `}`, 404, "Person with id " + noID + " was not found.", ""},
		{"images of an unknown person", "GET", imagesRoute, "/api/persons/" + noID + "/images", "", 404, "Person with id " + noID + " was not found.", ""},
		{"an image that is no UUID", "GET", imageRoute, "/api/persons/" + annID + "/images/1", "", 404, "Image with id 1 was not found.", ""},
		{"deletion of an image that is no UUID", "DELETE", imageRoute, "/api/persons/" + annID + "/images/1", "", 404, "Image with id 1 was not found.", ""},
		{"groups of an unknown person", "GET", personGroups, "/api/persons/" + noID + "/groups", "", 404, "Person with id " + noID + " was not found.", ""},

		{"a group without name", "POST", groupsRoute, "", `{"metadata":{}}`, 400, "name is required", "name"},
		{"a group without metadata", "POST", groupsRoute, "", `{"name":"a"}`, 400, "metadata is required", "metadata"},
		{"a group with null metadata", "PUT", groupRoute, "", `{"name":"a","metadata":null}`, 400, "metadata is required", "metadata"},
		{"a group with a bad tag", "POST", groupsRoute, "", `{"name":"a","metadata":{},"tag":"ä"}`, 400, "tag must be at most 127 letters, digits, - and _", "tag"},
		{"a group that is no UUID", "GET", groupRoute, "/api/groups/employees", "", 400, "groupId must be a UUID", "groupId"},
		{"an unknown group", "GET", groupRoute, "/api/groups/" + noID, "", 404, "Group with id " + noID + " was not found.", ""},
		{"deletion of an unknown group", "DELETE", groupRoute, "/api/groups/" + noID, "", 404, "Group with id " + noID + " was not found.", ""},
		{"deletion of a group that is no UUID", "DELETE", groupRoute, "/api/groups/x", "", 404, "Group was not found: groupId must be a UUID", ""},
		{"persons of an unknown group", "GET", groupPersons, "/api/groups/" + noID + "/persons", "", 404, "Group with id " + noID + " was not found.", ""},
		{"persons of another type", "PUT", groupPersons, "", `{"addItems":"x"}`, 400, "addItems must be an array, not a string", "addItems"},
		{"a person to add that is no UUID", "PUT", groupPersons, "", `{"addItems":["x"]}`, 400, "addItems must be a UUID", "addItems"},
		{"an unknown person to add", "PUT", groupPersons, "", `{"addItems":["` + annID + `","` + noID + `"]}`, 404, "Person with id " + noID + " was not found.", ""},
		{"an unknown person to remove", "PUT", groupPersons, "", `{"removeItems":["` + noID + `"]}`, 404, "Person with id " + noID + " was not found.", ""},

		{"page 0", "GET", groupsRoute, "/api/groups?page=0", "", 400, "page must be an integer between 1 and 2147483647", "page"},
		{"a page that is null", "GET", groupsRoute, "/api/groups?page=null", "", 400, "page must be an integer between 1 and 2147483647", "page"},
		{"size 0", "GET", groupPersons, "/api/groups/" + groupID + "/persons?size=0", "", 400, "size must be an integer between 1 and 2147483647", "size"},
		{"a size that is no number", "GET", imagesRoute, "/api/persons/" + annID + "/images?size=all", "", 400, "size must be an integer between 1 and 2147483647", "size"},

		{"a search for nothing", "POST", searchRoute, "", `{}`, 400, "image is required", "image"},
		{"a search above 1", "POST", searchRoute, "", `{` + image + `,"threshold":1.5}`, 400, "threshold must be between 0 and 1, and is 1.5", "threshold"},
		{"a threshold of another type", "POST", searchRoute, "", `{` + image + `,"threshold":"0.5"}`, 400, "threshold must be a number, not a string", "threshold"},
		{"no limit", "POST", searchRoute, "", `{` + image + `,"limit":0}`, 400, "limit must be between 1 and 1000, and is 0", "limit"},
		{"a limit beyond ours", "POST", searchRoute, "", `{` + image + `,"limit":1001}`, 400, "limit must be between 1 and 1000, and is 1001", "limit"},
		{"a search in an unknown group", "POST", searchRoute, "", `{` + image + `,"groupIds":["` + noID + `"]}`, 400, "groupIds: Group with id " + noID + " was not found.", "groupIds"},
		{"a filter without op", "POST", searchRoute, "", `{` + image + `,"filter":{"field":"name","value":["a"]}}`, 400, "filter.op must be in or nin", "filter.op"},
		{"a filter of another field", "POST", searchRoute, "", `{` + image + `,"filter":{"op":"in","field":"age","value":["a"]}}`, 400, "filter.field must be name or externalId", "filter.field"},
		{"a filter by numbers", "POST", searchRoute, "", `{` + image + `,"filter":{"op":"in","field":"name","value":[1]}}`, 400, "filter.value[0] must be a string, not a number", "filter.value[0]"},
		{"a person with a bad life", "POST", searchRoute, "", `{` + image + `,"createPerson":{"name":"a","ttl":0}}`, 400, "ttl must be a whole number of seconds between 1 and 3153600000", "ttl"},

		{"no transaction", "GET", transactionRoute, "/api/v2/liveness", "", 400, "transactionId is required", "transactionId"},
		{"a transaction that is no UUID", "GET", transactionRoute, "/api/v2/liveness?transactionId=7", "", 400, "transactionId must be a UUID", "transactionId"},

		{"match_and_search", "POST", "/api/match_and_search", "", `{}`, 404, "there is nothing at this address", ""},
		{"another method", "DELETE", "/api/groups", "", "", 405, "this address does not take the method DELETE, but GET, HEAD, POST", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			if tt.target == "" {
				tt.target = at(tt.route)
			}
			rec := newServer(t, g).do(t, tt.method, tt.target, tt.body, tt.route)
			if got := logOf(t, rec); rec.Code != tt.status || got.Msg != tt.msg || got.Metadata["field"] != tt.field {
				t.Errorf("got %d %q (%s), want %d %q (%s)", rec.Code, got.Msg, got.Metadata["field"], tt.status, tt.msg, tt.field)
			}
			if g.did != nil {
				t.Errorf("the gallery was asked: %v", g.did)
			}
		})
	}
}

// operations are a good request of each operation that asks the gallery to do
// something, with the use-case that it asks for.
var operations = []struct{ method, route, query, body, asks string }{
	{"POST", personsRoute, "", `{"name":"Bob"}`, "AddMember"},
	{"POST", personsRoute, "", `{"name":"Bob"}`, "EnsureWatchlist"},
	{"GET", personRoute, "", "", "MemberByUUID"},
	{"GET", personRoute, "", "", "WatchlistsOf"},
	{"PUT", personRoute, "", `{}`, "ChangeMember"},
	{"DELETE", personRoute, "", "", "DeleteMember"},
	{"GET", imagesRoute, "", "", "MemberFaces"},
	{"POST", imagesRoute, "", `{"image":{"content":"/9j/"}}`, "AddFace"},
	{"GET", imageRoute, "", "", "FacePicture"},
	{"DELETE", imageRoute, "", "", "RemoveFace"},
	{"GET", personGroups, "", "", "MemberWatchlists"},
	{"GET", groupsRoute, "", "", "Watchlists"},
	{"POST", groupsRoute, "", `{"name":"a","metadata":{}}`, "CreateWatchlist"},
	{"GET", groupRoute, "", "", "WatchlistByUUID"},
	{"PUT", groupRoute, "", `{"name":"a","metadata":{}}`, "ChangeWatchlist"},
	{"DELETE", groupRoute, "", "", "DeleteWatchlist"},
	{"GET", groupPersons, "", "", "WatchlistMembers"},
	{"GET", groupPersons, "", "", "WatchlistsOf"},
	{"PUT", groupPersons, "", `{}`, "Relink"},
	{"POST", searchRoute, "", `{"image":{"content":"/9j/"}}`, "IdentifyMembers"},
	{"POST", searchRoute, "", `{"image":{"content":"/9j/"},"createPerson":{}}`, "IdentifyOrEnrol"},
	{"POST", searchRoute, "", `{"image":{"content":"/9j/"},"createPerson":{}}`, "EnsureWatchlist"},
	{"GET", transactionRoute, "?transactionId=" + faceID, "", "LivenessTransaction"},
}

// Every operation answers an error of the gallery in the envelope of the dialect,
// and tells nothing of a fault of ours.
func TestErrorsOfEveryOperation(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		for _, tt := range []struct {
			err    error
			status int
			msg    string
		}{
			{errors.New("password=hunter2"), http.StatusInternalServerError, "internal error"},
			{fmt.Errorf("scan: %w", face.Errorf(face.Unavailable, "away")), http.StatusServiceUnavailable, "away"},
			{face.Errorf(face.Conflict, "in use"), http.StatusConflict, "in use"},
			{face.Errorf(face.Forbidden, "not with this key"), http.StatusForbidden, "not with this key"},
		} {
			g := sampleGallery()
			g.errs[op.asks] = tt.err
			rec := newServer(t, g).do(t, op.method, at(op.route)+op.query, op.body, op.route)
			if got := logOf(t, rec); rec.Code != tt.status || got.Msg != tt.msg {
				t.Errorf("%s %s, %s fails: got %d %q, want %d %q", op.method, op.route, op.asks, rec.Code, got.Msg, tt.status, tt.msg)
			}
		}
	}
}

func TestLargeBodies(t *testing.T) {
	t.Parallel()
	s := newServer(t, sampleGallery(), func(o *handlers.Options) { o.BodyLimit = 100 })
	rec := s.do(t, http.MethodPost, searchRoute, `{"tag":"`+strings.Repeat("a", 100)+`"}`, searchRoute)
	if got := logOf(t, rec); rec.Code != http.StatusRequestEntityTooLarge || got.Msg != "the request body is larger than 100 bytes" {
		t.Errorf("got %d %+v, want 413", rec.Code, got)
	}
}
