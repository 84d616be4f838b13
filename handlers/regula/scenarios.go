package regula

import "github.com/facekeep/facekeep/face"

// scenario is a name for a set of parameters of detect.
type scenario struct {
	central    bool           // the most central face alone
	portrait   *face.Portrait // nil: none
	wanted     wanted
	quality    bool                  // assess characteristics
	except     []string              // of those there are
	ranges     map[string][2]float64 // that differ from the usual ones
	attributes bool                  // all
}

// The scenarios of the contract, and AttributesAll, which later clients know.
func scenarios() map[string]scenario {
	document := &face.Portrait{Aspect: face.Aspect3x4, Width: 300, Height: 400}
	return map[string]scenario{
		"OldMode":             {},
		"CropCentralFace":     {central: true, portrait: document, wanted: wanted{crop: true}},
		"CropAllFaces":        {portrait: document, wanted: wanted{crop: true}},
		"Thumbnail":           {central: true, portrait: &face.Portrait{Aspect: face.Aspect3x4}, wanted: wanted{crop: true, thumbnail: true}},
		"QualityFull":         {central: true, quality: true},
		"QualityICAO":         {central: true, quality: true, except: unregulated(), ranges: icaoRanges()},
		"QualityVisaSchengen": {central: true, quality: true, except: unregulated(), ranges: schengenRanges()},
		"QualityVisaUSA":      {central: true, quality: true, except: unregulated(), ranges: usaRanges()},
		"AttributesAll":       {central: true, attributes: true},
	}
}

// unregulated are the characteristics that the rules for pictures of documents say
// nothing of.
func unregulated() []string {
	return []string{"ImageWidth", "ImageHeight", "PaddingRatio", "ArtFace", "StrongMakeup", "Headphones", "BackgroundColorMatch", "ContactLenses"}
}

// icaoRanges are those of ICAO 9303 and ISO/IEC 19794-5: a full frontal image.
func icaoRanges() map[string][2]float64 {
	return map[string][2]float64{
		"ImageWidthToHeight":           {0.74, 0.8},
		"ImageChannelsNumber":          {3, 3},
		"FaceMidPointVerticalPosition": {0.3, 0.5},
	}
}

// schengenRanges are those of a picture of 35 by 45 mm with a head of 70 to 80 % of
// its height.
func schengenRanges() map[string][2]float64 {
	r := icaoRanges()
	r["HeadHeightRatio"] = [2]float64{0.7, 0.8}
	return r
}

// usaRanges are those of a square picture with a head of 50 to 69 % of its height, and
// eyes at 56 to 69 % of it from the bottom.
func usaRanges() map[string][2]float64 {
	return map[string][2]float64{
		"ImageWidthToHeight":           {0.99, 1.01},
		"ImageChannelsNumber":          {3, 3},
		"FaceMidPointVerticalPosition": {0.31, 0.44},
		"HeadHeightRatio":              {0.5, 0.69},
		"HeadWidthRatio":               {0.3, 0.6},
	}
}
