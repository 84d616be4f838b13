package gallery_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
)

// crashDir is set in a child process of TestCrash: the data folder that it is to
// write until it is killed.
const crashDir = "FACEKEEP_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		fmt.Println("failed:", enrolForever(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// enrolForever enrols members from several sides and deletes every fifth, and
// says on standard output what is acknowledged. It returns only on an error.
func enrolForever(dir string) error {
	ctx := context.Background()
	s, err := openIn(ctx, dir)
	if err != nil {
		return err
	}
	const clients = 4
	failed := make(chan error)
	for c := range clients {
		go func() {
			for i := 0; ; i++ {
				if err := enrolAndSay(ctx, s, fmt.Sprintf("m-%d-%d-%d", os.Getpid(), c, i), i%5 == 4); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return <-failed
}

func enrolAndSay(ctx context.Context, s *system, id string, remove bool) error {
	if _, err := s.Enrol(ctx, enrolment(id, []string{"staff", "guests"}, id+"#1", id+"#2")); err != nil {
		return err
	}
	fmt.Println("enrolled", id)
	if !remove {
		return nil
	}
	fmt.Println("deleting", id)
	if err := s.DeleteMember(ctx, id); err != nil {
		return err
	}
	fmt.Println("deleted", id)
	return nil
}

// TestCrash kills a process that enrols, several times over the same data
// folder. Whatever it acknowledged is there afterwards; whatever it did not is
// there whole, or not at all.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := openIn(t.Context(), dir)
	must(t, err)
	s.list(t, "staff")
	s.list(t, "guests")
	must(t, s.repo.Close())
	fate := map[string]string{} // the last that was said of each member
	for round := range 4 {
		killAfter(t, dir, 60+25*round, fate)
		checkSurvivors(t, dir, fate)
	}
}

// killAfter starts a child, kills it when it has said so many lines, and notes
// all that it said.
func killAfter(t *testing.T, dir string, lines int, fate map[string]string) {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	child := exec.CommandContext(t.Context(), exe)
	child.Env = append(os.Environ(), crashDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	said := bufio.NewScanner(out)
	for n := 0; said.Scan(); n++ {
		word, id, _ := strings.Cut(said.Text(), " ")
		if word == "failed:" {
			t.Fatal(said.Text())
		}
		fate[id] = word
		if n == lines {
			must(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// checkSurvivors opens the gallery again and holds it to what was acknowledged.
func checkSurvivors(t *testing.T, dir string, fate map[string]string) {
	t.Helper()
	s, err := openIn(t.Context(), dir)
	must(t, err)
	defer func() { must(t, s.repo.Close()) }()
	page, err := s.Members(t.Context(), face.PageQuery{Number: 1, Size: 100000})
	must(t, err)
	there := map[string]bool{}
	for _, m := range page.Items {
		there[m.ID] = true
		checkWhole(t, s, m.ID)
	}
	unsaid := 0
	for id, word := range fate {
		if word == "enrolled" && !there[id] {
			t.Errorf("%s was acknowledged, and is not there", id)
		}
		if word == "deleted" && there[id] {
			t.Errorf("%s was deleted, and is there", id)
		}
	}
	for id := range there {
		if fate[id] == "" {
			unsaid++
			fate[id] = "enrolled" // it was committed; it stays
		}
	}
	if unsaid > 4 {
		t.Errorf("%d members are there that were not acknowledged, want at most one for each client", unsaid)
	}
	members := len(page.Items)
	if got, want := s.size(t), (size{Lists: 2, Members: members, Faces: 2 * members, Rows: 4 * members}); got != want {
		t.Errorf("size %+v, want %+v", got, want)
	}
}

// checkWhole holds that a member has its faces and pictures and is found.
func checkWhole(t *testing.T, s *system, id string) {
	t.Helper()
	faces, err := s.MemberFaces(t.Context(), id, face.PageQuery{Number: 1, Size: 10})
	must(t, err)
	if len(faces.Items) != 2 {
		t.Errorf("%s has %d faces, want 2", id, len(faces.Items))
	}
	for _, f := range faces.Items {
		if _, err := s.Image(t.Context(), f.ImageID, gallery.ImageSize{}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	found, err := s.Identify(t.Context(), gallery.IdentifyQuery{Image: []byte(id + "#3"), MinScore: 75, MaxCandidates: 2})
	must(t, err)
	for _, c := range found[0].Candidates {
		if c.Member.ID != id {
			t.Errorf("%s is taken for %s", id, c.Member.ID)
		}
	}
	if len(found[0].Candidates) != 2 {
		t.Errorf("%s is found in %d watchlists, want 2", id, len(found[0].Candidates))
	}
}
