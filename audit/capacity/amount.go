package capacity

import (
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
)

// Amount is how much of the two resources that are paid for.
type Amount struct {
	CPU    int64 // thousandths of a core
	Memory int64 // bytes
}

// AmountOf returns what a list has of both; what it does not name is 0.
func AmountOf(list corev1.ResourceList) Amount {
	return Amount{list.Cpu().MilliValue(), list.Memory().Value()}
}

// Plus returns the sum.
func (a Amount) Plus(b Amount) Amount { return Amount{a.CPU + b.CPU, a.Memory + b.Memory} }

// Minus returns the difference, of which a part may be negative.
func (a Amount) Minus(b Amount) Amount { return Amount{a.CPU - b.CPU, a.Memory - b.Memory} }

// Over returns how much a is above b of each resource, 0 where it is not.
func (a Amount) Over(b Amount) Amount { return Amount{max(a.CPU-b.CPU, 0), max(a.Memory-b.Memory, 0)} }

// Within reports whether there is no more of either resource than in b.
func (a Amount) Within(b Amount) bool { return a.CPU <= b.CPU && a.Memory <= b.Memory }

// Cores returns the CPU in cores.
func (a Amount) Cores() float64 { return float64(a.CPU) / 1000 }

// GiB returns the memory in units of 2³⁰ bytes.
func (a Amount) GiB() float64 { return float64(a.Memory) / (1 << 30) }

// String returns the amount as people say it: "1.5 cores and 12 GiB".
func (a Amount) String() string {
	return fmt.Sprintf("%s and %s", Cores(a.CPU), GiB(a.Memory))
}

// Cores writes thousandths of a core in cores, with three digits at most behind the point
// where it is little: "0.05 cores", "1 core", "12.3 cores", "4,032 cores".
func Cores(milli int64) string {
	unit := " cores"
	if milli == 1000 {
		unit = " core"
	}
	return Figure(float64(milli)/1000) + unit
}

// GiB writes bytes in GiB: "0.25 GiB", "12 GiB".
func GiB(bytes int64) string { return Figure(float64(bytes)/(1<<30)) + " GiB" }

// Figure writes a number with about three digits, and with a comma between thousands.
func Figure(n float64) string {
	if n < 0 {
		return "-" + Figure(-n)
	}
	digits := 0
	switch {
	case n < 0.1:
		digits = 3
	case n < 10:
		digits = 2
	case n < 100:
		digits = 1
	}
	text := strconv.FormatFloat(n, 'f', digits, 64)
	if digits > 0 {
		for text[len(text)-1] == '0' {
			text = text[:len(text)-1]
		}
		if text[len(text)-1] == '.' {
			text = text[:len(text)-1]
		}
		return text
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Share returns which part one number is of another, 0 to 1 and more; false where the whole
// is nothing.
func Share(part, whole int64) (float64, bool) {
	if whole <= 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}
