package facesearch

import (
	"context"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// thumbnailEdge is the longer edge of a thumbnail in px: enough to know somebody by,
// in some 6 kB.
const thumbnailEdge = 160

// thumbnailSize asks for a thumbnail.
func thumbnailSize() gallery.ImageSize { return gallery.ImageSize{MaxEdge: thumbnailEdge} }

// shower shows people with the thumbnails of their faces.
type shower struct{ gallery thumbnailer }

// results shows who was found. Somebody who was deleted since is left out.
func (s shower) results(ctx context.Context, found []gallery.MemberCandidate) ([]personSearchResult, error) {
	out := make([]personSearchResult, 0, len(found))
	for _, c := range found {
		thumbnail, err := s.nearest(ctx, c)
		if face.KindOf(err) == face.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, personSearchResult{
			PersonID: c.Member.ID, PersonName: c.Member.Name(), Metadata: metadataOf(c.Member),
			Face: thumbnail, SimilarityScore: c.Score.Similarity(),
		})
	}
	return out, nil
}

// nearest returns the thumbnail of the enrolled face that is nearest to the probe.
func (s shower) nearest(ctx context.Context, c gallery.MemberCandidate) ([]byte, error) {
	if len(c.Faces) == 0 {
		return nil, face.Errorf(face.NotFound, "the face is not there any more")
	}
	return s.stored(ctx, c.Faces[0].Face)
}

func (s shower) stored(ctx context.Context, f face.Face) ([]byte, error) {
	image, err := s.gallery.Image(ctx, f.ImageID, thumbnailSize())
	return image.Data, err
}

// crops returns the thumbnails of faces that are not stored.
func (s shower) crops(ctx context.Context, crops []face.Image) ([][]byte, error) {
	out := make([][]byte, 0, len(crops))
	for _, crop := range crops {
		image, err := s.gallery.Resize(ctx, crop, thumbnailSize())
		if err != nil {
			return nil, err
		}
		out = append(out, image.Data)
	}
	return out, nil
}

// faces shows the enrolled faces of a person. One that was removed since is left out.
func (s shower) faces(ctx context.Context, all []face.Face) ([]personFace, error) {
	out := make([]personFace, 0, len(all))
	for _, f := range all {
		shown, err := s.face(ctx, f)
		if face.KindOf(err) == face.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

func (s shower) face(ctx context.Context, f face.Face) (personFace, error) {
	thumbnail, err := s.stored(ctx, f)
	return personFace{FaceID: f.ID.String(), Face: thumbnail, CreatedAt: httpx.TimeText(f.CreatedAt)}, err
}
