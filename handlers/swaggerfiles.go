package handlers

import (
	"context"
	"net/http"
	"os"

	swaggerfiles "github.com/swaggo/files/v2"
	"golang.org/x/net/webdav"
)

// swaggerFiles returns the files of Swagger UI as gin-swagger wants them: by WebDAV, to
// be read. They stay in the program until somebody opens the page; the handler that
// comes with the files' first version would copy all of them into memory at start.
func swaggerFiles() *webdav.Handler {
	return &webdav.Handler{FileSystem: readable{http.FS(swaggerfiles.FS)}, LockSystem: webdav.NewMemLS()}
}

// readable makes files to be read of those of an http.FileSystem. It implements
// webdav.FileSystem.
type readable struct{ files http.FileSystem }

func (readable) Mkdir(context.Context, string, os.FileMode) error { return os.ErrPermission }

func (readable) RemoveAll(context.Context, string) error { return os.ErrPermission }

func (readable) Rename(context.Context, string, string) error { return os.ErrPermission }

func (r readable) OpenFile(_ context.Context, name string, flag int, _ os.FileMode) (webdav.File, error) {
	if flag != os.O_RDONLY {
		return nil, os.ErrPermission
	}
	f, err := r.files.Open(name)
	if err != nil {
		return nil, err
	}
	return readableFile{f}, nil
}

func (r readable) Stat(_ context.Context, name string) (os.FileInfo, error) {
	f, err := r.files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// readableFile implements webdav.File.
type readableFile struct{ http.File }

func (readableFile) Write([]byte) (int, error) { return 0, os.ErrPermission }
