package regula

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/gallery"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// imageKeeper is what the routes of the images of a person need of the gallery.
type imageKeeper interface {
	memberFinder
	MemberFaces(ctx context.Context, memberID string, q face.PageQuery) (face.Page[face.Face], error)
	AddFace(ctx context.Context, r gallery.AddFaceRequest) (face.Face, error)
	FacePicture(ctx context.Context, memberID string, faceID uuid.UUID) (face.Image, error)
	RemoveFace(ctx context.Context, memberID string, faceID uuid.UUID) error
}

// imageAPI holds the operations on the images of a person.
type imageAPI struct {
	gallery  imageKeeper
	pictures fetcher
	timeout  httpx.Timeout
}

// list answers GET /api/persons/{personId}/images.
//
//	@Summary	Get the images of a person, the newest first
//	@ID			get_all_images_by_person_id
//	@Tags		person
//	@Produce	json
//	@Param		X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param		personId	path		string			true	"Id of the person"							format(uuid)
//	@Param		page		query		int				false	"Page to answer"							minimum(1)	default(1)
//	@Param		size		query		int				false	"Items of a page; above 1000 counts as 1000"	minimum(1)	default(1000)
//	@Success	200			{object}	imagePage		"The images."
//	@Failure	400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure	404			{object}	operationLog	"Person with the personId is not found."
//	@Router		/api/persons/{personId}/images [get]
func (a *imageAPI) list(c *gin.Context) {
	q, err := newPaging(c)
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := pathMember(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	page, err := a.gallery.MemberFaces(ctx, m.ID, q)
	if err != nil {
		WriteError(c, err)
		return
	}
	writeJSON(c, http.StatusOK, imagePage{
		Items:    httpx.SliceOf(page.Items, func(f face.Face) image { return newImage(m, f) }),
		pageHead: newPageHead(q, page.Total),
	})
}

// add answers POST /api/persons/{personId}/images.
//
//	@Summary		Add an image to a person
//	@Description	The person is found by it from now on. Of several faces the most central one counts. content comes before imageUrl, which is fetched only from hosts that the server lists; with resizeOptions the picture is resized first, and stored so.
//	@ID				add_image_to_person
//	@Tags			person
//	@Accept			json
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			personId	path		string			true	"Id of the person"	format(uuid)
//	@Param			request		body		addImage		true	"The image"
//	@Success		200			{object}	image			"The image that was added."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Person with the personId is not found."
//	@Router			/api/persons/{personId}/images [post]
func (a *imageAPI) add(c *gin.Context) {
	var req addImage
	if err := httpx.BindJSON(c, &req); err != nil {
		WriteError(c, err)
		return
	}
	fit, err := req.check()
	if err != nil {
		WriteError(c, err)
		return
	}
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, err := pathMember(ctx, c, a.gallery)
	if err != nil {
		WriteError(c, err)
		return
	}
	data, err := req.Image.bytes(ctx, "image", a.pictures)
	if err != nil {
		WriteError(c, err)
		return
	}
	f, err := a.gallery.AddFace(ctx, gallery.AddFaceRequest{
		MemberID: m.ID,
		Picture:  gallery.EnrolImage{Data: data, Keep: true, Fit: fit},
		Inspect:  face.InspectOptions{Central: true},
	})
	if err != nil {
		WriteError(c, aboutPicture("image", err))
		return
	}
	writeJSON(c, http.StatusOK, newImage(m, f))
}

// get answers GET /api/persons/{personId}/images/{imageId}.
//
//	@Summary		Get an image of a person
//	@Description	The picture as it was added, or, of a face that was enrolled without keeping the picture, the crop of the face.
//	@ID				get_image_of_person
//	@Tags			person
//	@Produce		jpeg,png,json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			personId	path		string			true	"Id of the person"	format(uuid)
//	@Param			imageId		path		string			true	"Id of the image"
//	@Success		200			{file}		file			"The image."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Person or image is not found."
//	@Router			/api/persons/{personId}/images/{imageId} [get]
func (a *imageAPI) get(c *gin.Context) {
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, id, err := a.pathImage(ctx, c)
	if err != nil {
		WriteError(c, err)
		return
	}
	picture, err := a.gallery.FacePicture(ctx, m.ID, id)
	switch face.KindOf(err) { //nolint:exhaustive // those that this dialect has other words for
	case face.NotFound:
		err = noImage(id.String())
	case face.Invalid:
		err = face.FieldErrorf("imageId", "Person does not have such an image.")
	}
	if err != nil {
		WriteError(c, err)
		return
	}
	c.Data(http.StatusOK, picture.MediaType, picture.Data)
}

// remove answers DELETE /api/persons/{personId}/images/{imageId}.
//
//	@Summary		Delete an image of a person
//	@Description	The person is not found by it any more, and stays, even without an image.
//	@ID				delete_image_of_person
//	@Tags			person
//	@Produce		json
//	@Param			X-RequestID	header		string			false	"Label of the request, echoed and logged"
//	@Param			personId	path		string			true	"Id of the person"	format(uuid)
//	@Param			imageId		path		string			true	"Id of the image"
//	@Success		204			"The image was deleted."
//	@Failure		400			{object}	operationLog	"Bad request. Check your input data."
//	@Failure		404			{object}	operationLog	"Person or image is not found."
//	@Router			/api/persons/{personId}/images/{imageId} [delete]
func (a *imageAPI) remove(c *gin.Context) {
	ctx, cancel := a.timeout.Context(c)
	defer cancel()
	m, id, err := a.pathImage(ctx, c)
	if err != nil {
		WriteError(c, err)
		return
	}
	err = a.gallery.RemoveFace(ctx, m.ID, id)
	if face.KindOf(err) == face.NotFound {
		err = noImage(id.String())
	}
	if err != nil {
		WriteError(c, err)
		return
	}
	httpx.NoContent(c)
}

// pathImage returns what the path names. The contract has images by any id: what
// is no UUID names none.
func (a *imageAPI) pathImage(ctx context.Context, c *gin.Context) (face.Member, uuid.UUID, error) {
	m, err := pathMember(ctx, c, a.gallery)
	if err != nil {
		return m, uuid.Nil, err
	}
	text, err := httpx.PathParam(c, "imageId")
	if err != nil {
		return m, uuid.Nil, err
	}
	id, err := parseID("imageId", text)
	if err != nil {
		return m, uuid.Nil, noImage(text)
	}
	return m, id, nil
}

func noImage(id string) error {
	return face.Errorf(face.NotFound, "Image with id %s was not found.", id)
}

func (r *addImage) check() (face.Fitting, error) {
	if err := checkTag(r.Tag); err != nil {
		return face.Fitting{}, err
	}
	return r.Image.check("image")
}

func newImage(m face.Member, f face.Face) image {
	path := Prefix + "/persons/" + m.UUID().String() + "/images/" + f.ID.String()
	out := image{
		ID: f.ID.String(), ContentType: f.PictureType, CreatedAt: httpx.TimeText(f.CreatedAt),
		Path: path, URL: path, Metadata: object{},
	}
	if f.PictureID == uuid.Nil {
		out.ContentType = cropType
	}
	return out
}

// cropType is the media type of stored crops.
const cropType = "image/jpeg"
