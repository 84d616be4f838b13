package enrolment_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/enrolment"
	"github.com/facekeep/facekeep/face"
)

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{
		"Ann_Lee/Ann_Lee_0002.jpg", "Ann_Lee/Ann_Lee_0001.JPG", "Ann_Lee/notes.txt", "Ann_Lee/.hidden.jpg", "Ann_Lee/deep/1.jpg",
		"Bo.png", "Bo_1.webp", "Bo_x.jpeg", "_9.jpg", "pairs.tsv", ".git/1.jpg", "Empty/readme",
	} {
		writeFile(t, filepath.Join(dir, name), "x")
	}
	people, others, err := enrolment.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	picture := func(item string) enrolment.Picture {
		return enrolment.Picture{Item: item, Path: filepath.Join(dir, item)}
	}
	want := []enrolment.Person{
		{ID: "Ann_Lee", Name: "Ann Lee", Pictures: []enrolment.Picture{picture("Ann_Lee/Ann_Lee_0001.JPG"), picture("Ann_Lee/Ann_Lee_0002.jpg")}},
		{ID: "Bo", Name: "Bo", Pictures: []enrolment.Picture{picture("Bo.png"), picture("Bo_1.webp")}},
		{ID: "Bo_x", Name: "Bo x", Pictures: []enrolment.Picture{picture("Bo_x.jpeg")}},
		{ID: "_9", Name: "9", Pictures: []enrolment.Picture{picture("_9.jpg")}},
	}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
	if others != 3 {
		t.Errorf("got %d other files, want notes.txt, pairs.tsv and readme", others)
	}
	if _, _, err := enrolment.Folder(filepath.Join(dir, "Empty")); face.KindOf(err) != face.Invalid {
		t.Errorf("a folder without pictures: got %v, want an Invalid error", err)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "people.csv")
	dir := filepath.Dir(file)
	writeFile(t, file, "\ufeffPath,id,Name,room,badge\na/1.jpg,7,\"Lee, Ann\",12,\n/abs/2.jpg,8,,,x\na/3.jpg,7,ignored,13,y\n")
	people, err := enrolment.Table(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []enrolment.Person{
		{ID: "7", Name: "Lee, Ann", Labels: []enrolment.Label{{Key: "room", Value: "12"}}, Pictures: []enrolment.Picture{
			{Item: "a/1.jpg", Path: filepath.Join(dir, "a/1.jpg")}, {Item: "a/3.jpg", Path: filepath.Join(dir, "a/3.jpg")}}},
		{ID: "8", Name: "8", Labels: []enrolment.Label{{Key: "badge", Value: "x"}}, Pictures: []enrolment.Picture{{Item: "/abs/2.jpg", Path: "/abs/2.jpg"}}},
	}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Errorf("people (-want +got):\n%s", diff)
	}
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", "", "columns path and id"},
		{"no head", "a.jpg,7\nb.jpg,8\n", "columns path and id"},
		{"no rows", "path,id\n", "no rows"},
		{"no id", "path,id\na.jpg,7\nb.jpg,\n", "line 3"},
		{"a short row", "path,id\na.jpg\n", "line 2"},
		{"an open quote", "path,id\n\"a.jpg,7\n", "line"},
		{"not UTF-8", "path,id\n\xff.jpg,7\n", "line 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "people.csv")
			writeFile(t, file, tt.text)
			_, err := enrolment.Table(file)
			if face.KindOf(err) != face.Invalid || err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("got %v, want an Invalid error that names the file and says %q", err, tt.want)
			}
		})
	}
}

func FuzzTable(f *testing.F) {
	f.Add("path,id,name,room\na.jpg,7,Ann,12\nb.jpg,7,,\n")
	f.Add("\ufeffid,path\n\"7\n\",a\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "people.csv")
		writeFile(t, file, text)
		people, err := enrolment.Table(file)
		if err != nil && face.KindOf(err) != face.Invalid {
			t.Errorf("got %v, want an Invalid error", err)
		}
		seen := map[string]bool{}
		for _, p := range people {
			if p.ID == "" || len(p.Pictures) == 0 || seen[p.ID] {
				t.Errorf("got the person %+v, want people with an id of their own and pictures", p)
			}
			seen[p.ID] = true
		}
	})
}
