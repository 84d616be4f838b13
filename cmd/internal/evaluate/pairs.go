// Package evaluate runs the engine over pictures whose truth is known: labelled
// pairs, or a folder of people.
package evaluate

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/facekeep/facekeep/face"
)

// Pair is two pictures of a labelled set.
type Pair struct {
	A, B string // file names below the folder of pictures, as NAME/NAME_0001.jpg
	Same bool   // both show the same person
	Fold int    // from 1
}

// ReadPairs reads labelled pairs in one of two forms. The first has a header
// and tab-separated columns: name_a, index_a, name_b, index_b, same (1 or 0),
// fold. The second is the pairs.txt that LFW publishes: the number of folds and
// of pairs in each, then lines of three fields (name, index, index) for one
// person and of four (name, index, name, index) for two.
func ReadPairs(r io.Reader) ([]Pair, error) {
	lines := bufio.NewScanner(r)
	if !lines.Scan() {
		return nil, face.Errorf(face.Invalid, "the list of pairs is empty")
	}
	read := readTSV
	perFold := 0
	if head := strings.Fields(lines.Text()); len(head) == 0 || head[0] != "name_a" {
		if perFold = pairsPerFold(head); perFold < 1 {
			return nil, face.Errorf(face.Invalid, "line 1: neither the header of a table of pairs nor that of an LFW pairs.txt: %q", lines.Text())
		}
		read = readLFW
	}
	var pairs []Pair
	for n := 2; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		p, err := read(strings.Fields(lines.Text()))
		if err != nil {
			return nil, face.Errorf(face.Invalid, "line %d: %v", n, err)
		}
		if p.Fold == 0 { // an LFW fold is perFold matched and perFold mismatched pairs
			p.Fold = len(pairs)/(2*perFold) + 1
		}
		pairs = append(pairs, p)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read pairs: %w", err)
	}
	return pairs, nil
}

// pairsPerFold reads the head of a pairs.txt, "10 300" or "300"; 0 if it is none.
func pairsPerFold(head []string) int {
	if len(head) == 0 || len(head) > 2 {
		return 0
	}
	n, err := strconv.Atoi(head[len(head)-1])
	if err != nil {
		return 0
	}
	return n
}

func readTSV(f []string) (Pair, error) {
	if len(f) != 6 {
		return Pair{}, fmt.Errorf("%d columns, want 6", len(f))
	}
	fold, err := strconv.Atoi(f[5])
	if err != nil || fold < 1 {
		return Pair{}, fmt.Errorf("fold %q is not a positive number", f[5])
	}
	if f[4] != "0" && f[4] != "1" {
		return Pair{}, fmt.Errorf("same is %q, want 0 or 1", f[4])
	}
	return pairOf(f[0], f[1], f[2], f[3], f[4] == "1", fold)
}

func readLFW(f []string) (Pair, error) {
	switch len(f) {
	case 3:
		return pairOf(f[0], f[1], f[0], f[2], true, 0)
	case 4:
		return pairOf(f[0], f[1], f[2], f[3], false, 0)
	}
	return Pair{}, fmt.Errorf("%d fields, want 3 or 4", len(f))
}

func pairOf(nameA, indexA, nameB, indexB string, same bool, fold int) (Pair, error) {
	a, err := picturePath(nameA, indexA)
	if err != nil {
		return Pair{}, err
	}
	b, err := picturePath(nameB, indexB)
	if err != nil {
		return Pair{}, err
	}
	return Pair{A: a, B: b, Same: same, Fold: fold}, nil
}

// picturePath returns NAME/NAME_0001.jpg, and refuses a name that would lead
// out of the folder of pictures.
func picturePath(name, index string) (string, error) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 {
		return "", fmt.Errorf("picture number %q is not a number", index)
	}
	if !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`) {
		return "", fmt.Errorf("%q is not the name of a person", name)
	}
	return filepath.Join(name, fmt.Sprintf("%s_%04d.jpg", name, i)), nil
}
