package regula_test

import (
	"context"
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/fetch"
)

const imageJSON = `{"id":"` + faceID + `","contentType":"image/png","createdAt":"2026-01-05T12:54:01.000000Z","metadata":{},
	"path":"/api/persons/` + annID + `/images/` + faceID + `","url":"/api/persons/` + annID + `/images/` + faceID + `"}`

func TestAddImage(t *testing.T) {
	t.Parallel()
	central := face.InspectOptions{Central: true}
	tests := []struct {
		name, body string
		picture    gallery.EnrolImage
	}{
		{"content", `{"image":{"content":"/9j/"}}`, gallery.EnrolImage{Data: []byte{0xff, 0xd8, 0xff}, Keep: true}},
		{"as the Python client sends it", `{"image":{"content":"/9j/","contentType":"image/jpeg"},"detectAll":false}`, gallery.EnrolImage{Data: []byte{0xff, 0xd8, 0xff}, Keep: true}},
		{"nulls", `{"tag":null,"image":{"content":"/9j/","contentType":null,"imageUrl":null,"resizeOptions":null},"threshold":null,"limit":null}`,
			gallery.EnrolImage{Data: []byte{0xff, 0xd8, 0xff}, Keep: true}},
		{"content before an address", `{"image":{"content":"/9j/","imageUrl":"http://example.com/"}}`, gallery.EnrolImage{Data: []byte{0xff, 0xd8, 0xff}, Keep: true}},
		{"resized", `{"image":{"content":"/9j/","resizeOptions":{"width":640,"height":480.0,"quality":80}}}`,
			gallery.EnrolImage{Data: []byte{0xff, 0xd8, 0xff}, Keep: true, Fit: face.Fitting{Width: 640, Height: 480, Quality: 80}}},
		{"resized by its height", `{"image":{"content":"/9j/","resizeOptions":{"width":null,"height":480}}}`,
			gallery.EnrolImage{Data: []byte{0xff, 0xd8, 0xff}, Keep: true, Fit: face.Fitting{Height: 480, Quality: 100}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := sampleGallery()
			rec := newServer(t, g).do(t, http.MethodPost, at(imagesRoute), tt.body, imagesRoute)
			if rec.Code != http.StatusOK {
				t.Fatalf("got %d %s, want 200", rec.Code, rec.Body)
			}
			sameJSON(t, rec.Body.String(), imageJSON)
			want := []any{[]any{"AddFace", gallery.AddFaceRequest{MemberID: annID, Picture: tt.picture, Inspect: central}}}
			if diff := cmp.Diff(want, g.did); diff != "" {
				t.Errorf("gallery: -want +got\n%s", diff)
			}
		})
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	g := sampleGallery()
	s := newServer(t, g)
	crop := g.faces[0]
	crop.PictureID, crop.PictureType = uuid.Nil, ""
	g.faces = append(g.faces, crop)
	rec := s.do(t, http.MethodGet, at(imagesRoute)+"?page=2&size=1", "", imagesRoute)
	sameJSON(t, rec.Body.String(), `{"page":2,"totalPages":2,"items":[`+imageJSON+`,`+strings.ReplaceAll(imageJSON, "image/png", "image/jpeg")+`]}`)

	rec = s.do(t, http.MethodGet, at(imageRoute), "", imageRoute)
	if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "image/png" || rec.Body.String() != "a picture" {
		t.Errorf("got %d %q %s, want the picture", rec.Code, rec.Header().Get("Content-Type"), rec.Body)
	}
	if rec = s.do(t, http.MethodDelete, at(imageRoute), "", imageRoute); rec.Code != http.StatusNoContent {
		t.Errorf("got %d %s, want 204", rec.Code, rec.Body)
	}
	want := []any{
		[]any{"MemberFaces", annID, face.PageQuery{Number: 2, Size: 1, Total: true}},
		[]any{"FacePicture", annID, uuid.MustParse(faceID)}, []any{"RemoveFace", annID, uuid.MustParse(faceID)},
	}
	if diff := cmp.Diff(want, g.did); diff != "" {
		t.Errorf("gallery: -want +got\n%s", diff)
	}
}

// loopback resolves every host to this machine.
type loopback struct{}

func (loopback) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

func TestImagesByAddress(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write([]byte("fetched"))
	}))
	t.Cleanup(site.Close)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(site.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := fetch.New(fetch.Options{Allow: []string{"private:pictures.example.com:" + port, "public.example.com:" + port}, Limit: 1 << 20, Resolver: loopback{}})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{at(imagesRoute): `{"image":{"content":CONTENT,"imageUrl":"URL"}}`, searchRoute: `{"image":{"content":CONTENT,"imageUrl":"URL"}}`}
	routes := map[string]string{at(imagesRoute): imagesRoute, searchRoute: searchRoute}
	tests := []struct {
		name, content, url, msg string
		fetcher                 *fetch.Fetcher
	}{
		{"a listed host", `null`, "http://pictures.example.com:" + port + "/ann.png", "", pictures},
		{"an empty content", `""`, "http://pictures.example.com:" + port + "/ann.png", "", pictures},
		{"a private address", `null`, "http://public.example.com:" + port + "/", "image.imageUrl: the picture at this address cannot be had", pictures},
		{"another host", `null`, "http://169.254.169.254/", "image.imageUrl: the picture at this address cannot be had", pictures},
		{"a file", `null`, "file:///etc/passwd", "image.imageUrl: the picture at this address cannot be had", pictures},
		{"no host is listed", `null`, "http://pictures.example.com:" + port + "/", "image.imageUrl: this server gets no pictures from addresses", nil},
		{"an empty address", `null`, "", "image data is empty: image.content must hold a picture as base64", pictures},
		{"bad content beside an address", `"*"`, "http://pictures.example.com:" + port + "/", "image.content is not valid base64", pictures},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for target, body := range bodies {
				g := sampleGallery()
				s := newServer(t, g, func(o *handlers.Options) { o.Pictures = tt.fetcher })
				rec := s.do(t, http.MethodPost, target, strings.NewReplacer("CONTENT", tt.content, "URL", tt.url).Replace(body), routes[target])
				if tt.msg != "" {
					if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Msg != tt.msg || g.did != nil {
						t.Errorf("%s: got %d %q, gallery %v, want 400 %q", target, rec.Code, got.Msg, g.did, tt.msg)
					}
					continue
				}
				var got []byte
				switch r := g.did[0].([]any)[1].(type) {
				case gallery.AddFaceRequest:
					got = r.Picture.Data
				case gallery.MembersQuery:
					got = r.Image
				}
				if rec.Code != http.StatusOK || string(got) != "fetched" {
					t.Errorf("%s: got %d %s with %q, want the fetched picture", target, rec.Code, rec.Body, got)
				}
			}
		})
	}
}

func TestPicturesOfOthers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err    error
		status int
		msg    string
	}{
		"another's":  {face.Errorf(face.Invalid, "Face with id 'x' belongs to another watchlist member."), 400, "Person does not have such an image."},
		"nobody's":   {face.Errorf(face.NotFound, "Face with id 'x' was not found."), 404, "Image with id " + faceID + " was not found."},
		"in trouble": {face.Errorf(face.Unavailable, "the disk is full"), 503, "the disk is full"},
	}
	for name, tt := range tests {
		g := sampleGallery()
		g.errs["FacePicture"] = tt.err
		rec := newServer(t, g).do(t, http.MethodGet, at(imageRoute), "", imageRoute)
		if got := logOf(t, rec); rec.Code != tt.status || got.Msg != tt.msg {
			t.Errorf("%s: got %d %q, want %d %q", name, rec.Code, got.Msg, tt.status, tt.msg)
		}
	}
}

// What is wrong with a picture is told in the dialect's words for it.
func TestBadPictures(t *testing.T) {
	t.Parallel()
	content := base64.StdEncoding.EncodeToString([]byte("a picture"))
	for _, kind := range []face.Kind{face.Invalid, face.NoFace, face.LowQuality, face.TooLarge} {
		g := sampleGallery()
		g.errs["AddFace"] = &face.Error{Kind: kind, Field: "imageData", Msg: "what is wrong"}
		g.errs["IdentifyMembers"] = &face.Error{Kind: kind, Msg: "what is wrong"}
		s := newServer(t, g)
		for target, route := range map[string]string{at(imagesRoute): imagesRoute, searchRoute: searchRoute} {
			rec := s.do(t, http.MethodPost, target, `{"image":{"content":"`+content+`"}}`, route)
			if got := logOf(t, rec); rec.Code != http.StatusBadRequest || got.Msg != "what is wrong" || got.Metadata["field"] != "image" || got.Type != "BadParamsException" {
				t.Errorf("%v at %s: got %d %+v, want 400 about the image", kind, target, rec.Code, got)
			}
		}
	}
}
