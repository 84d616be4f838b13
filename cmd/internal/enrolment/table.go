package enrolment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/facekeep/facekeep/face"
)

// Table lists the people of a table of pictures: CSV with a head, the columns path
// (from the table's folder on, or absolute), id and name, and one for each label. Rows
// of one id are one person, named and labelled by the first of them; name may be
// absent. Anything else is Invalid, and says in which line.
func Table(file string) ([]Person, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, face.Wrap(face.Invalid, err, file+" cannot be read")
	}
	defer f.Close()
	t := table{dir: filepath.Dir(file), at: map[string]int{}}
	if err := t.read(f); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t.people, nil
}

// table is a table of which some rows were read.
type table struct {
	dir    string
	head   []string
	path   int // columns; name is -1 where there is none
	id     int
	name   int
	people []Person
	at     map[string]int // of a person in people
}

func (t *table) read(r io.Reader) error {
	rows := csv.NewReader(r)
	rows.ReuseRecord = true
	head, err := rows.Read()
	if err != nil {
		return face.Wrap(face.Invalid, err, "want a table (CSV) with the columns path and id")
	}
	if err := t.readHead(slices.Clone(head)); err != nil {
		return err
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return face.Wrap(face.Invalid, err, "want a table (CSV)")
		}
		line, _ := rows.FieldPos(0)
		if err := t.add(row, line); err != nil {
			return err
		}
	}
	if len(t.people) == 0 {
		return face.Errorf(face.Invalid, "the table has no rows")
	}
	return nil
}

func (t *table) readHead(head []string) error {
	head[0] = strings.TrimPrefix(head[0], "\ufeff") // spreadsheets put it there
	for i := range head {
		head[i] = strings.TrimSpace(head[i])
	}
	column := func(name string) int {
		return slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(h, name) })
	}
	t.head, t.path, t.id, t.name = head, column("path"), column("id"), column("name")
	if t.path < 0 || t.id < 0 {
		return face.Errorf(face.Invalid, "the first line must name the columns path and id, and may name others")
	}
	return nil
}

func (t *table) add(row []string, line int) error {
	for _, field := range row {
		if !utf8.ValidString(field) {
			return face.Errorf(face.Invalid, "line %d is not UTF-8", line)
		}
	}
	item, id := strings.Clone(row[t.path]), row[t.id]
	if item == "" || id == "" {
		return face.Errorf(face.Invalid, "line %d has no path or no id", line)
	}
	at, known := t.at[id]
	if !known {
		at = len(t.people)
		t.people = append(t.people, t.person(row))
		t.at[t.people[at].ID] = at
	}
	p := Picture{Item: item, Path: filepath.FromSlash(item)}
	if !filepath.IsAbs(p.Path) {
		p.Path = filepath.Join(t.dir, p.Path)
	}
	t.people[at].Pictures = append(t.people[at].Pictures, p)
	return nil
}

// person makes a person of the first row about it; the reader uses the row again.
func (t *table) person(row []string) Person {
	p := Person{ID: strings.Clone(row[t.id])}
	p.Name = nameOf(p.ID)
	for i, value := range row {
		switch {
		case i == t.path || i == t.id || value == "":
		case i == t.name:
			p.Name = strings.Clone(value)
		default:
			p.Labels = append(p.Labels, Label{Key: t.head[i], Value: strings.Clone(value)})
		}
	}
	return p
}
