package facesearch_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

const (
	collectionJSON = `{"collection_id":"employees","collection_name":"Employees","created_at":"` + sampleTimeText + `"}`
	personHeadJSON = `"person_id":"juraj-custom-id","person_name":"Juraj K.","metadata":` + sampleMetadata + `,"created_at":"` + sampleTimeText + `"`
	faceJSON       = `{"face_id":"00000000-0000-7000-8000-000000000002","face_base_64":"Y3JvcA==","created_at":"` + sampleTimeText + `"}`
	personJSON     = `{` + personHeadJSON + `,"collections":[` + collectionJSON + `],"faces":[` + faceJSON + `]}`
)

// kept is sample with somebody to look after.
func kept() *fakeGallery {
	g := sample()
	g.member, g.face = sampleMember(), face.Face{ID: uid(2), ImageID: uid(2), CreatedAt: sampleTime()}
	g.members = face.Page[face.Member]{Items: []face.Member{g.member}, More: true}
	g.collections = face.Page[face.Watchlist]{Items: []face.Watchlist{g.collection}}
	g.faces = face.Page[face.Face]{Items: []face.Face{g.face, {ID: uid(9), ImageID: uid(9)}}} // the second is gone
	g.enrolment = gallery.Enrolment{Member: g.member, Watchlists: g.collections.Items, Faces: []face.Face{g.face}}
	return g
}

func TestNouns(t *testing.T) {
	t.Parallel()
	page := face.PageQuery{Number: 2, Size: 5}
	all := face.PageQuery{Number: 1, Size: 1000, Ascending: true}
	enrolment := `{"person_id":"juraj-custom-id","person_name":"Juraj K.","metadata":{"room":"12"},"faces_base_64":["` + somePicture + `"]}`
	member := face.Member{ID: "juraj-custom-id", DisplayName: new("Juraj K."), FullName: new("Juraj K."), Labels: []face.Label{{Key: "room", Value: "12"}}}
	picture := gallery.EnrolImage{Data: []byte("\xff\xd8\xff\xe0 picture")}
	inspect := face.InspectOptions{MinFaceSize: 20}
	tests := []struct {
		method, target, route, body string
		status                      int
		answer                      string
		asks                        string
		with                        any
	}{
		{"GET", "/collections?page=2&page_size=5", "/collections", "", 200, `{"collections":[` + collectionJSON + `],"page":2,"has_more":false}`, "Watchlists", page},
		{"DELETE", "/collections/Employees", "/collections/{collection_name}", "", 204, "", "DeleteWatchlist", "employees"},
		{"POST", "/collections/Employees/persons", "/collections/{collection_name}/persons", enrolment, 201, personJSON, "Enrol",
			gallery.EnrolRequest{Member: member, WatchlistIDs: []string{"employees"}, Pictures: []gallery.EnrolImage{picture}, Inspect: inspect}},
		{"GET", "/collections/Employees/persons?page=2&page_size=5", "/collections/{collection_name}/persons", "", 200,
			`{"persons":[{` + personHeadJSON + `}],"page":2,"has_more":true}`, "WatchlistMembers", []any{"employees", page}},
		{"GET", "/collections/a%2Fb/persons?page_size=99999", "/collections/{collection_name}/persons", "", 200,
			`{"persons":[{` + personHeadJSON + `}],"page":1,"has_more":true}`, "WatchlistByName", "a/b"},
		{"PUT", "/collections/Employees/persons/a%2Fb", "/collections/{collection_name}/persons/{person_id}", "", 204, "", "Relink", []any{"employees", []string{"a/b"}, []string(nil)}},
		{"DELETE", "/collections/Employees/persons/juraj", "/collections/{collection_name}/persons/{person_id}", "", 204, "", "Relink", []any{"employees", []string(nil), []string{"juraj"}}},
		{"GET", "/persons/juraj-custom-id", "/persons/{person_id}", "", 200, personJSON, "MemberFaces", []any{"juraj-custom-id", all}},
		{"PATCH", "/persons/juraj", "/persons/{person_id}", `{}`, 200, personJSON, "ChangeMember", []any{"juraj", (*[]string)(nil)}},
		{"PATCH", "/persons/juraj", "/persons/{person_id}", `{"person_name":"J.","metadata":{"room":null,"new":"1","none":""}}`, 200,
			strings.NewReplacer("Juraj K.", "J.", `"none":"null","room":"12"`, `"new":"1","none":""`).Replace(personJSON), "ChangeMember", []any{"juraj", (*[]string)(nil)}},
		{"DELETE", "/persons/juraj", "/persons/{person_id}", "", 204, "", "DeleteMember", "juraj"},
		{"POST", "/persons/juraj/faces", "/persons/{person_id}/faces", `{"face_base_64":"` + somePicture + `"}`, 201, faceJSON, "AddFace",
			gallery.AddFaceRequest{MemberID: "juraj", Picture: picture, Inspect: inspect}},
		{"DELETE", "/persons/juraj/faces/" + uid(2).String(), "/persons/{person_id}/faces/{face_id}", "", 204, "", "RemoveFace", []any{"juraj", uid(2)}},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()
			g := kept()
			rec := newServer(t, g).do(t, tt.method, tt.target, tt.body, tt.route)
			if rec.Code != tt.status || rec.Body.String() != tt.answer {
				t.Errorf("got %d %s, want %d %s", rec.Code, rec.Body, tt.status, tt.answer)
			}
			if diff := cmp.Diff(tt.with, g.got[tt.asks]); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", tt.asks, diff)
			}
		})
	}
}

func TestCreateCollection(t *testing.T) {
	t.Parallel()
	const body = `{"collection_name":"Employees"}`
	g := sample()
	g.errs["WatchlistByName"] = face.Errorf(face.NotFound, "none")
	rec := newServer(t, g).do(t, http.MethodPost, "/collections", body, "/collections")
	if rec.Code != http.StatusCreated || rec.Body.String() != collectionJSON || rec.Header().Get("Location") != "/collections/employees" {
		t.Errorf("got %d %s at %q", rec.Code, rec.Body, rec.Header().Get("Location"))
	}
	want := face.Watchlist{ID: "Employees", DisplayName: "Employees", FullName: "Employees", Threshold: 40, PreviewColor: "#4adf62"}
	if diff := cmp.Diff(want, g.got["CreateWatchlist"]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	rec = newServer(t, sample()).do(t, http.MethodPost, "/collections", body, "/collections")
	failureOf(t, rec.Body.Bytes()).check(t, "a name that is taken", rec.Code, 409, "ERR_CONFLICT")
	g.errs["CreateWatchlist"] = face.FieldErrorf("displayName", "displayName has 201 characters")
	rec = newServer(t, g).do(t, http.MethodPost, "/collections", body, "/collections")
	if got, want := failureOf(t, rec.Body.Bytes()).Message, "Invalid request: collection_name has 201 characters"; got != want {
		t.Errorf("a name too long: got %q, want %q", got, want)
	}
}

// A collection without a name is called by its id.
func TestCollectionWithoutName(t *testing.T) {
	t.Parallel()
	g := kept()
	g.collections.Items[0] = face.Watchlist{ID: "bare", CreatedAt: sampleTime()}
	rec := newServer(t, g).do(t, http.MethodGet, "/collections", "", "/collections")
	if want := `"collection_id":"bare","collection_name":"bare"`; !strings.Contains(rec.Body.String(), want) {
		t.Errorf("got %s, want %s", rec.Body, want)
	}
}

func TestNounsRefuse(t *testing.T) {
	t.Parallel()
	const (
		persons = "/collections/{collection_name}/persons"
		onePath = "/persons/{person_id}"
		faces   = "/persons/{person_id}/faces"
	)
	picture := `"` + somePicture + `"`
	tests := []struct {
		method, target, route, body string
		key, fails                  string
		err                         error
		status                      int
		code                        string
	}{
		{"POST", "/collections", "/collections", `{}`, "admin", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections", "/collections", `{"collection_name":"x"}`, "enrol", "", nil, 403, "ERR_API_KEY_NOT_VALID"},
		{"POST", "/collections", "/collections", `{`, "", "", nil, 401, "ERR_API_KEY_NOT_PRESENT"},
		{"GET", "/collections?page=0", "/collections", "", "search", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"GET", "/collections?page_size=x", "/collections", "", "search", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"DELETE", "/collections/x", "/collections/{collection_name}", "", "enrol", "", nil, 403, "ERR_API_KEY_NOT_VALID"},
		{"DELETE", "/collections/x", "/collections/{collection_name}", "", "admin", "WatchlistByName", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"DELETE", "/collections/x", "/collections/{collection_name}", "", "limited", "WatchlistByName", face.Errorf(face.NotFound, "none"), 403, "ERR_API_KEY_NOT_VALID"},

		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "search", "", nil, 403, "ERR_API_KEY_NOT_VALID"},
		{"POST", "/collections/x/persons", persons, `{"faces_base_64":[` + picture + `]}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A"}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[]}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[null]}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":["QUJD"]}`, "enrol", "", nil, 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","metadata":{"room":12},"faces_base_64":[` + picture + `]}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "enrol", "WatchlistByName", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "enrol", "Enrol", face.Errorf(face.Conflict, "taken"), 409, "ERR_CONFLICT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "enrol", "Enrol", face.Errorf(face.NoFace, "none"), 400, "ERR_FACE_NOT_DETECTED"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "enrol", "Enrol", face.Errorf(face.ManyFaces, "2 faces"), 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "enrol", "Enrol", face.FieldErrorf("images[0]", "truncated"), 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"POST", "/collections/x/persons", persons, `{"person_name":"A","faces_base_64":[` + picture + `]}`, "enrol", "Enrol", face.FieldErrorf("fullName", "fullName is too long"), 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"GET", "/collections/x/persons", persons, "", "", "", nil, 401, "ERR_API_KEY_NOT_PRESENT"},
		{"PUT", "/collections/x/persons/y", persons + "/{person_id}", "", "enrol", "Relink", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},

		{"GET", "/persons/x", onePath, "", "", "", nil, 401, "ERR_API_KEY_NOT_PRESENT"},
		{"GET", "/persons/x", onePath, "", "enrol", "Member", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"PATCH", "/persons/x", onePath, `{"person_name":""}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"PATCH", "/persons/x", onePath, `{"person_name":"A"}`, "enrol", "ChangeMember", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"DELETE", "/persons/x", onePath, "", "enrol", "DeleteMember", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"DELETE", "/persons/x", onePath, "", "search", "", nil, 403, "ERR_API_KEY_NOT_VALID"},
		{"POST", "/persons/x/faces", faces, `{}`, "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"POST", "/persons/x/faces", faces, `{"face_base_64":` + picture + `}`, "enrol", "AddFace", face.FieldErrorf("imageData", "truncated"), 422, "ERR_BASE64_IMAGE_CANNOT_BE_DECODED"},
		{"POST", "/persons/x/faces", faces, `{"face_base_64":` + picture + `}`, "enrol", "AddFace", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
		{"DELETE", "/persons/x/faces/1", faces + "/{face_id}", "", "enrol", "", nil, 422, "ERR_UNPROCESSABLE_CONTENT"},
		{"DELETE", "/persons/x/faces/" + uid(2).String(), faces + "/{face_id}", "", "enrol", "RemoveFace", face.Errorf(face.NotFound, "none"), 404, "ERR_NOT_FOUND"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target+" "+tt.code, func(t *testing.T) {
			t.Parallel()
			g := kept()
			g.errs[tt.fails] = tt.err
			s := newServer(t, g)
			s.key = tt.key
			rec := s.do(t, tt.method, tt.target, tt.body, tt.route)
			failureOf(t, rec.Body.Bytes()).check(t, tt.body, rec.Code, tt.status, tt.code)
		})
	}
}
