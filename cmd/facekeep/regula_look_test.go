package main_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/facekeep/facekeep/handlers/contracttest"
)

// The answers of Regula's detect and match, as much of them as the tests read.
type (
	regulaDetected struct {
		Code    int
		Msg     string
		Results struct {
			Detections []regulaDetection
			Scenario   string
		}
	}
	regulaDetection struct {
		Crop, Thumbnail string
		Landmarks       [5][2]float64
		ROI             [4]float64
		OriginalRect    []float64
		Quality         struct {
			NonCompliant []string
			Score        float64
			Details      []struct {
				Name   string
				Status int
				Value  *float64
			}
		}
		Attributes struct {
			Details []struct {
				Name  string
				Value any
			}
		}
	}
	regulaMatched struct {
		Code       int
		Msg        string
		Detections []struct {
			Faces []struct {
				regulaDetection
				FaceIndex     int
				RotationAngle float64
			}
			ImageIndex, Status int
		}
		Results []struct {
			FirstIndex, FirstFaceIndex, SecondIndex, SecondFaceIndex int
			Score, Similarity                                        float64
		}
	}
)

// regulaLook is a server whose answers to detect and match are held to the documents.
type regulaLook struct {
	*server

	docs contracttest.Documents
}

func startRegula(t *testing.T) regulaLook {
	t.Helper()
	s := start(t, embedded(t))
	doc := want[json.RawMessage](s, http.StatusOK, "GET", "/swagger/regula/doc.json", nil)
	docs, err := contracttest.Load(doc, filepath.Join(root, "..", "shared", "spec", "regula.openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return regulaLook{s, docs}
}

// ask sends a request that must be answered with 200.
func ask[T any](s regulaLook, path string, body object) T {
	s.t.Helper()
	status, data, err := s.call("POST", path, body)
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("%s: got %d, %v: %.300s", path, status, err, data)
	}
	s.docs.CheckAs(s.t, contracttest.Answer{
		Method: "POST", Route: path, Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: data,
	}, contracttest.Envelope{Schema: "OperationLog"})
	out, err := decode[T](data)
	if err != nil {
		s.t.Fatalf("%s: %v in %.300s", path, err, data)
	}
	return out
}

func (s regulaLook) detect(data string, params object) regulaDetected {
	s.t.Helper()
	return ask[regulaDetected](s, "/api/detect", object{"image": data, "processParam": params})
}

// one returns the one face that there must be.
func (s regulaLook) one(data string, params object) regulaDetection {
	s.t.Helper()
	got := s.detect(data, params)
	if got.Code != 0 || len(got.Results.Detections) != 1 {
		s.t.Fatalf("got code %d, %d faces, want 0, 1", got.Code, len(got.Results.Detections))
	}
	return got.Results.Detections[0]
}

func (s regulaLook) match(images ...object) regulaMatched {
	s.t.Helper()
	return ask[regulaMatched](s, "/api/match", object{"images": images})
}
