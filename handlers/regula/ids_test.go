package regula

import "testing"

func TestParseID(t *testing.T) {
	t.Parallel()
	const want = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	tests := map[string]bool{
		want:                                   true,
		"497F6ECA-6276-4993-BFEB-53CBBBBA6F08": true,
		"497f6eca62764993bfeb53cbbbba6f08":     false,
		"{" + want + "}":                       false,
		"urn:uuid:" + want:                     false,
		"barack":                               false,
		"":                                     false,
	}
	for text, ok := range tests {
		got, err := parseID("personId", text)
		if (err == nil) != ok || ok && got.String() != want {
			t.Errorf("parseID(%q) = %v, %v, want it taken: %t", text, got, err, ok)
		}
	}
}
