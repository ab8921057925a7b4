package screen

import (
	"fmt"
	"math"
	"time"
)

// Age writes a duration in its largest unit, rounded down, as kubectl does: "3d", "12m",
// "119s"; "0s" for none, and where clocks differ so much that it is less.
func Age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return fmt.Sprintf("%dd", d/day)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", max(0, d)/time.Second)
}

// Since writes how long ago something was ([Age]); "" for what has no time.
func Since(now, then time.Time) string {
	if then.IsZero() {
		return ""
	}
	return Age(now.Sub(then))
}

// Lasting writes how long some work takes, with three digits at the most: "0.1 ms",
// "380 ms", "1.2 s".
func Lasting(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

// Bytes writes a number of bytes, which is not negative, as people write quantities of
// the API: "512", "64Ki", "1536Mi", "12Gi".
func Bytes(n float64) string {
	const ki = 1 << 10
	units := []string{"", "Ki", "Mi", "Gi", "Ti"}
	at := 0
	for at < len(units)-1 && n >= ki && (n >= 10*ki || at < 2 || math.Mod(n, ki) == 0) {
		n /= ki
		at++
	}
	return fmt.Sprintf("%.0f%s", n, units[at])
}
