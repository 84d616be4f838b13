package load

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// Quantiles are latencies in milliseconds. They are exact: a p99 of 100 samples is the
// 99th of them.
type Quantiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Summary says what became of requests.
type Summary struct {
	Seconds    float64        `json:"seconds"` // to the last answer
	Requests   int            `json:"requests"`
	Served     int            `json:"served"`
	Throughput float64        `json:"throughput"` // served in a second
	Latency    Quantiles      `json:"latency_ms"` // of those served
	Refused    int            `json:"refused"`    // 429 and 503
	Refusal    Quantiles      `json:"refusal_ms"`
	Status     map[string]int `json:"status"` // requests by status; "none": no answer
}

// Summarise sums up the samples of a run that took so long.
func Summarise(samples []Sample, took time.Duration) Summary {
	s := Summary{Seconds: took.Seconds(), Requests: len(samples), Status: map[string]int{}}
	served, refused := make([]time.Duration, 0, len(samples)), []time.Duration{}
	for _, one := range samples {
		s.Status[statusName(one.Status)]++
		switch {
		case one.Served():
			served = append(served, one.Took)
		case one.Refused():
			refused = append(refused, one.Took)
		}
	}
	s.Served, s.Refused = len(served), len(refused)
	s.Latency, s.Refusal = quantiles(served), quantiles(refused)
	if took > 0 {
		s.Throughput = float64(s.Served) / took.Seconds()
	}
	return s
}

func statusName(status int) string {
	if status == 0 {
		return "none"
	}
	return strconv.Itoa(status)
}

// quantiles sorts what it is given. Of nothing, they are 0.
func quantiles(took []time.Duration) Quantiles {
	if len(took) == 0 {
		return Quantiles{}
	}
	slices.Sort(took)
	at := func(part float64) float64 {
		rank := int(math.Ceil(part * float64(len(took))))
		return millis(took[max(rank, 1)-1])
	}
	return Quantiles{P50: at(0.5), P90: at(0.9), P99: at(0.99), Max: at(1)}
}

func millis(d time.Duration) float64 { return d.Seconds() * 1e3 }
