package load

import "time"

// Steady compares the last minute of a long run with its second one, when whatever a
// server keeps for the next request should be there. Values are means over the windows
// of the minute.
type Steady struct {
	SecondRSS        float64 `json:"second_rss_bytes"`
	LastRSS          float64 `json:"last_rss_bytes"`
	SecondGoroutines float64 `json:"second_goroutines"`
	LastGoroutines   float64 `json:"last_goroutines"`
}

// Steadiness returns how steady a server was over windows of a length. It is nil for a
// run of less than three minutes, and where the server's memory was not seen.
func Steadiness(windows []Window, every time.Duration) *Steady {
	minute := max(int(time.Minute/every), 1)
	if time.Duration(len(windows))*every < 3*time.Minute {
		return nil
	}
	var s Steady
	s.SecondRSS, s.SecondGoroutines = meanUsage(windows[minute : 2*minute])
	s.LastRSS, s.LastGoroutines = meanUsage(windows[len(windows)-minute:])
	if s.SecondRSS == 0 || s.LastRSS == 0 {
		return nil
	}
	return &s
}

// Growth returns by which part of it the memory grew.
func (s *Steady) Growth() float64 { return s.LastRSS/s.SecondRSS - 1 }

func meanUsage(windows []Window) (rss, goroutines float64) {
	for _, w := range windows {
		rss += float64(w.RSS) / float64(len(windows))
		goroutines += float64(w.Goroutines) / float64(len(windows))
	}
	return rss, goroutines
}
