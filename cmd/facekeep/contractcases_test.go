package main_test

const (
	listPath     = "/api/v1/Watchlists"
	memberPath   = "/api/v1/WatchlistMembers"
	registerPath = memberPath + "/Register"
	searchPath   = listPath + "/Search"
	verifyPath   = "/api/v1/Faces/Verify"
	spoofPath    = "/api/v1/Faces/SpoofCheck"
	imagePath    = "/api/v1/Images"
	linkPath     = memberPath + "/LinkToWatchlist"
	unlinkPath   = memberPath + "/UnlinkFromWatchlist"
)

// exchanges are the requests of TestContract, in order: each finds what those
// before it have left.
var exchanges = []exchange{
	{method: "GET", target: "/api/v1/version/", route: "/api/v1/Version", status: 200},

	{method: "PUT", target: "/api/v1/watchlists/", route: listPath, body: `{"id":"employees","displayName":"Employees","fullName":"","previewColor":null}`, status: 200},
	{method: "PUT", target: listPath, body: `{"id":"employees","displayName":"Employees","fullName":"Employees","threshold":40.0,"privacy":"none"}`, status: 200},
	{method: "PUT", target: listPath, body: `{"displayName":"Employees","fullName":"Employees"}`, status: 400},
	{method: "PUT", target: listPath, body: `{"id":"guests/2","displayName":"Guests","fullName":"Guests","previewColor":"#01a"}`, status: 200},
	{method: "POST", target: listPath, body: `{"displayName":"Made","fullName":"Made","threshold":50}`, status: 201, keep: map[string]string{"made": "id"}},
	{method: "POST", target: listPath, body: `{"displayName":"Made","fullName":"Made","previewColor":"green"}`, status: 400},
	{method: "GET", target: listPath + "/?PageNumber=1&PageSize=2&ShowTotalCount=True", route: listPath, status: 200, keep: map[string]string{"next": "nextPage"}},
	{method: "GET", target: "$next", route: listPath, status: 200, keep: map[string]string{"previous": "previousPage"}},
	{method: "GET", target: "$previous", route: listPath, status: 200},
	{method: "GET", target: listPath + "?pagenumber=0", route: listPath, status: 400},
	{method: "GET", target: "/API/V1/WATCHLISTS/guests%2F2/", route: listPath + "/{id}", status: 200},
	{method: "GET", target: listPath + "/nope", route: listPath + "/{id}", status: 404},

	{method: "POST", target: memberPath, body: `{"displayName":null,"labels":[]}`, status: 201, keep: map[string]string{"bare": "id"}},
	{method: "POST", target: memberPath, body: `{"labels":[{"key":"$long","value":""}]}`, status: 400},
	{method: "PUT", target: memberPath, body: `{"id":"bert","fullName":"Bert","note":"line 1\nline 2","labels":[{"key":"room","value":null},{"key":"room","value":"12"}]}`, status: 200},
	{method: "PUT", target: memberPath, body: `{"fullName":"Nobody"}`, status: 400},

	// As the generated C# client sends it: every field, defaults and later ones too.
	{method: "POST", target: registerPath, status: 201, keep: map[string]string{"face": "faces.0.id", "image": "faces.0.imageDataId"}, body: `{
		"id":"anna","images":[{"faceId":null,"data":"$photo"}],"watchlistIds":["employees"],
		"faceDetectorConfig":{"minFaceSize":35,"maxFaceSize":600,"maxFaces":1,"confidenceThreshold":450},
		"faceDetectorResourceId":"cpu","templateGeneratorResourceId":"cpu","keepAutoLearnPhotos":"false","faceValidationMode":"none",
		"faceSelector":"singleFaceOnly","modality":"face","displayName":"Anna","fullName":"Anna A.","note":"","labels":[{"key":"k","value":"v"}]}`},
	{method: "POST", target: "/api/v1/watchlistmembers/register/", route: registerPath, status: 201, keep: map[string]string{"generated": "id"},
		body: `{"id":"","images":[{"faceId":"00000000-0000-0000-0000-000000000000","data":"data:image/jpeg;base64,$third"}],"watchlistIds":["employees","guests/2"],"faceDetectorResourceId":"accurate_any"}`},
	{method: "POST", target: registerPath, body: `{"id":"x","images":[{"data":"$nobody"}],"watchlistIds":["employees"]}`, status: 400},
	{method: "POST", target: registerPath, body: `{"id":"x","images":[{"data":"$photo"}],"watchlistIds":["nope"]}`, status: 400},
	{method: "POST", target: registerPath, body: `{"id":"x","images":[{"data":"$photo"}],"watchlistIds":["employees"],"faceDetectorResourceId":"gpu"}`, status: 408},
	{method: "POST", target: registerPath, body: `{"id":"anna","images":[{"data":"$photo"}],"watchlistIds":["employees"]}`, status: 409},
	{method: "POST", target: registerPath, body: `{"id":"x","images":[{"data":"$photo","faceId":"$face"}],"watchlistIds":["employees"]}`, status: 409},

	{method: "GET", target: memberPath + "?PageSize=1&Ascending=true", route: memberPath, status: 200, keep: map[string]string{"next": "nextPage"}},
	{method: "GET", target: "$next", route: memberPath, status: 200},
	{method: "GET", target: memberPath + "?PageSize=0", route: memberPath, status: 400},
	{method: "GET", target: "/api/v1/watchlistMembers/$generated", route: memberPath + "/{id}", status: 200},
	{method: "GET", target: memberPath + "/nobody", route: memberPath + "/{id}", status: 404},
	{method: "GET", target: memberPath + "/anna/faces/?PageSize=10", route: memberPath + "/{id}/Faces", status: 200},
	{method: "GET", target: memberPath + "/anna/Faces?Ascending=maybe", route: memberPath + "/{id}/Faces", status: 400},
	{method: "GET", target: listPath + "/nope/WatchlistMembers", route: listPath + "/{id}/WatchlistMembers", status: 200},
	{method: "GET", target: listPath + "/guests%2F2/watchlistmembers/?PageNumber=1&PageSize=10", route: listPath + "/{id}/WatchlistMembers", status: 200},
	{method: "GET", target: listPath + "/employees/WatchlistMembers?PageNumber=first", route: listPath + "/{id}/WatchlistMembers", status: 400},

	{method: "POST", target: linkPath, body: `{"watchlistId":"guests/2","watchlistMembersIds":["anna","bert","anna"]}`, status: 204},
	{method: "POST", target: linkPath, body: `{"watchlistId":"guests/2","watchlistMembersIds":[]}`, status: 400},
	{method: "POST", target: linkPath, body: `{"watchlistId":"guests/2","watchlistMembersIds":["anna","nobody"]}`, status: 404},
	{method: "POST", target: unlinkPath, body: `{"watchlistId":"guests/2","watchlistMembersIds":["anna"]}`, status: 204},
	{method: "POST", target: unlinkPath, body: `{"watchlistMembersIds":["anna"]}`, status: 400},
	{method: "POST", target: unlinkPath, body: `{"watchlistId":"nope","watchlistMembersIds":["anna"]}`, status: 404},

	{method: "POST", target: memberPath + "/anna/addnewface/", route: memberPath + "/{id}/AddNewFace", status: 201, keep: map[string]string{"added": "id", "addedImage": "imageDataId"},
		body: `{"imageData":{"faceId":null,"data":"$other"},"faceDetectorConfig":{"minFaceSize":35,"maxFaceSize":600,"maxFaces":1,"confidenceThreshold":450},"faceDetectorResourceId":"any","templateGeneratorResourceId":"any","faceValidationMode":"none"}`},
	{method: "POST", target: memberPath + "/anna/AddNewFace", route: memberPath + "/{id}/AddNewFace", body: `{"imageData":{"data":"$nobody"}}`, status: 400},
	{method: "POST", target: memberPath + "/nobody/AddNewFace", route: memberPath + "/{id}/AddNewFace", body: `{"imageData":{"data":"$other"}}`, status: 404},
	{method: "POST", target: memberPath + "/anna/AddNewFace", route: memberPath + "/{id}/AddNewFace", body: `{"imageData":{"data":"$other"},"templateGeneratorResourceId":"gpu"}`, status: 408},
	{method: "POST", target: memberPath + "/anna/AddNewFace", route: memberPath + "/{id}/AddNewFace", body: `{"imageData":{"data":"$other","faceId":"$face"}}`, status: 409},
	{method: "POST", target: memberPath + "/bert/AddFaceFromSystem", route: memberPath + "/{id}/AddFaceFromSystem", body: `{"faceId":"anna"}`, status: 400},
	{method: "POST", target: memberPath + "/bert/AddFaceFromSystem", route: memberPath + "/{id}/AddFaceFromSystem", body: `{"faceId":"$unknown"}`, status: 404},
	{method: "POST", target: memberPath + "/bert/AddFaceFromSystem", route: memberPath + "/{id}/AddFaceFromSystem", body: `{"faceId":"$added"}`, status: 409},

	{method: "GET", target: "/api/v1/images/$image", route: imagePath + "/{id}", status: 200},
	{method: "GET", target: imagePath + "/$addedImage?minSize=64&MaxSize=100", route: imagePath + "/{id}", status: 200},
	{method: "GET", target: imagePath + "/$image?maxSize=0", route: imagePath + "/{id}", status: 400},
	{method: "GET", target: imagePath + "/portrait", route: imagePath + "/{id}", status: 400},
	{method: "GET", target: imagePath + "/$unknown", route: imagePath + "/{id}", status: 404},

	// As LivenessTest.py sends it: booleans are texts.
	{method: "POST", target: "/api/v1/watchlists/search", route: searchPath, status: 200, body: `{
		"image":{"data":"$photo"},"watchlistIds":[],"threshold":40,"maxResultCount":10,"faceDetectorResourceId":"cpu","templateGeneratorResourceId":"cpu",
		"faceDetectorConfig":{"minFaceSize":35,"maxFaceSize":600,"maxFaces":20,"confidenceThreshold":450},"faceMaskConfidenceRequest":{"faceMaskThreshold":3000},
		"faceFeaturesConfig":{"age":"false","gender":"true","faceMask":"False"},"spoofDetectorResourceIds":["none"]}`},
	{method: "POST", target: searchPath, body: `{"Image":{"Data":"$photo"}}`, status: 200},
	{method: "POST", target: searchPath, body: `{"image":{"data":"$nobody"}}`, status: 400},
	{method: "POST", target: searchPath, body: `{"image":{"data":"$photo"},"watchlistIds":["nope"]}`, status: 404},
	{method: "POST", target: searchPath, body: `{"image":{"data":"$photo"},"faceDetectorResourceId":"accurate_gpu"}`, status: 408},
	{method: "POST", target: verifyPath, body: `{"probeImage":{"image":{"data":"$photo"},"faceDetectorConfig":{"minFaceSize":35}},"referenceImage":{"image":{"data":"$other"}}}`, status: 200},
	{method: "POST", target: verifyPath, body: `{"probeImage":{"image":{"data":"$photo"}},"referenceImage":{"image":{"data":"$nobody"}}}`, status: 400},
	{method: "POST", target: verifyPath, body: `{"probeImage":{"image":{"data":"$photo"}},"referenceImage":{"image":{"data":"$other"},"templateGeneratorResourceId":"gpu"}}`, status: 408},

	{method: "POST", target: "/api/v1/faces/spoofcheck/", route: spoofPath, status: 200, body: `{
		"image":{"data":"$photo"},"faceDetectorConfig":{"minFaceSize":35,"maxFaceSize":600,"confidenceThreshold":450},"faceDetectorResourceId":"cpu",
		"spoofDetectorResourceIds":["liveness_distant_cpu_remote","liveness_nearby_any_remote"],
		"spoofCheckConfig":{"distantLivenessScoreThreshold":90,"nearbyLivenessScoreThreshold":89.76,"distantLivenessConditions":"default",
			"nearbyLivenessConditions":"FACE_SIZE: [9000; inf] && YAW_ANGLE: [-20; 20]","keepEvaluatingConditionsAfterFirstFail":"true"}}`},
	{method: "POST", target: spoofPath, body: `{"image":{"data":"$nobody"}}`, status: 400},
	{method: "POST", target: spoofPath, body: `{"image":{"data":"$photo"},"spoofCheckConfig":{"distantLivenessConditions":"YAW_ANGLE: [20; -20]"}}`, status: 400},
	{method: "POST", target: spoofPath, body: `{"image":{"data":"$photo"},"spoofDetectorResourceIds":["liveness_distant_gpu_remote"]}`, status: 408},
	{method: "POST", target: searchPath, status: 200,
		body: `{"image":{"data":"$photo"},"spoofDetectorResourceIds":["liveness_distant_cpu_remote","liveness_nearby_cpu_remote"]}`},

	{method: "POST", target: memberPath + "/anna/RemoveFace", route: memberPath + "/{id}/RemoveFace", body: `{"faceId":"$added"}`, status: 204},
	{method: "POST", target: memberPath + "/anna/RemoveFace", route: memberPath + "/{id}/RemoveFace", body: `{}`, status: 400},
	{method: "POST", target: memberPath + "/anna/RemoveFace", route: memberPath + "/{id}/RemoveFace", body: `{"faceId":"$added"}`, status: 404},
	{method: "GET", target: imagePath + "/$addedImage", route: imagePath + "/{id}", status: 404},
	{method: "DELETE", target: "/api/v1/watchlistmembers/$bare/", route: memberPath + "/{id}", status: 204},
	{method: "DELETE", target: memberPath + "/$bare", route: memberPath + "/{id}", status: 404},
	{method: "DELETE", target: listPath + "/$made", route: listPath + "/{id}", status: 204},
	{method: "DELETE", target: listPath + "/$made", route: listPath + "/{id}", status: 404},
}

// tooSlow are requests to a server that gives the work on a picture no time.
var tooSlow = []exchange{
	{method: "POST", target: registerPath, body: `{"id":"late","images":[{"data":"$photo"}],"watchlistIds":["employees"]}`, status: 408},
	{method: "POST", target: memberPath + "/anna/AddNewFace", route: memberPath + "/{id}/AddNewFace", body: `{"imageData":{"data":"$photo"}}`, status: 408},
	{method: "POST", target: searchPath, body: `{"image":{"data":"$photo"}}`, status: 408},
	{method: "POST", target: verifyPath, body: `{"probeImage":{"image":{"data":"$photo"}},"referenceImage":{"image":{"data":"$other"}}}`, status: 408},
	{method: "POST", target: spoofPath, body: `{"image":{"data":"$photo"}}`, status: 408},
}
