package regula

import (
	"cmp"
	"slices"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// newSearchResult writes who was found, at most limit persons of all faces
// together.
func newSearchResult(found []gallery.IdentifiedMembers, limit int) searchResult {
	type hit struct {
		face int
		who  gallery.MemberCandidate
	}
	var hits []hit
	for i, f := range found {
		for _, c := range f.Candidates {
			hits = append(hits, hit{i, c})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.who.Score, a.who.Score) })
	return searchResult{Code: codeOK, Persons: httpx.SliceOf(hits[:min(len(hits), limit)], func(h hit) searchPerson {
		return newSearchPerson(h.who, newDetection(h.face, found[h.face].Inspected))
	})}
}

func newSearchPerson(c gallery.MemberCandidate, d searchDetection) searchPerson {
	return searchPerson{
		person: newPerson(c.Member, c.Watchlists), Detection: d,
		Images: httpx.SliceOf(c.Faces, func(f gallery.FaceScore) recognizeImage {
			return recognizeImage{image: newImage(c.Member, f.Face), Similarity: similarityOf(f.Score), Distance: distanceOf(f.Score)}
		}),
	}
}

func newDetection(idx int, f face.Inspected) searchDetection {
	d := searchDetection{Code: codeOK, Idx: idx, Landmarks: landmarksOf(f.Landmarks), ROI: roiOf(f.Box)}
	if f.Portrait != nil {
		d.Crop = f.Portrait.Data
	}
	return d
}
