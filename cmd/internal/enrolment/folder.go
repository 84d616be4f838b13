package enrolment

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/facekeep/facekeep/face"
)

// formats are the endings of the files that count as pictures.
var formats = []string{".jpg", ".jpeg", ".png", ".webp"}

// Folder lists the people of a folder, by id: a sub-folder is a person with the
// pictures in it, and so are the pictures NAME.jpg and NAME_1.jpg beside them for the
// person NAME. It also returns how many other files it met; folders further down and
// names that begin with a dot are left alone. A folder without pictures is Invalid.
func Folder(dir string) (people []Person, others int, err error) {
	l := listing{root: dir, people: map[string]*Person{}}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, 0, face.Wrap(face.Invalid, err, dir+" is not a folder that can be read")
	}
	for _, e := range entries {
		if err := l.entry(e); err != nil {
			return nil, 0, err
		}
	}
	if len(l.people) == 0 {
		return nil, 0, face.Errorf(face.Invalid, "%s holds no pictures (%s), in itself or in folders of people", dir, strings.Join(formats, ", "))
	}
	return l.sorted(), l.others, nil
}

// listing is what was met so far.
type listing struct {
	root   string
	people map[string]*Person
	others int
}

func (l *listing) entry(e fs.DirEntry) error {
	switch {
	case strings.HasPrefix(e.Name(), "."):
		return nil
	case isFolder(filepath.Join(l.root, e.Name()), e):
		return l.folder(e.Name())
	}
	return l.file(personOf(e.Name()), e.Name())
}

func (l *listing) folder(name string) error {
	entries, err := os.ReadDir(filepath.Join(l.root, name))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		if err := l.file(name, path.Join(name, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) file(person, item string) error {
	if !slices.Contains(formats, strings.ToLower(path.Ext(item))) {
		l.others++
		return nil
	}
	if !utf8.ValidString(item) {
		return face.Errorf(face.Invalid, "the name %q is not UTF-8: it cannot be the id of a member", item)
	}
	p := l.people[person]
	if p == nil {
		p = &Person{ID: person, Name: nameOf(person)}
		l.people[person] = p
	}
	p.Pictures = append(p.Pictures, Picture{Item: item, Path: filepath.Join(l.root, filepath.FromSlash(item))})
	return nil
}

func (l *listing) sorted() []Person {
	out := make([]Person, 0, len(l.people))
	for _, id := range slices.Sorted(maps.Keys(l.people)) {
		p := l.people[id]
		slices.SortFunc(p.Pictures, func(a, b Picture) int { return strings.Compare(a.Item, b.Item) })
		out = append(out, *p)
	}
	return out
}

// isFolder follows links.
func isFolder(name string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// personOf returns NAME for the files NAME.jpg and NAME_12.jpg.
func personOf(file string) string {
	stem := strings.TrimSuffix(file, path.Ext(file))
	at := strings.LastIndexByte(stem, '_')
	if at > 0 && at < len(stem)-1 && strings.Trim(stem[at+1:], "0123456789") == "" {
		return stem[:at]
	}
	return stem
}
