package capacity

// HoursPerMonth turns prices by the hour into amounts a month: 365 days of 24 hours, in
// twelve parts.
const HoursPerMonth = 730

// Prices are what is paid for a core and for a GiB of memory an hour, in whatever currency;
// the zero value is that nobody said.
type Prices struct {
	CPU    float64 // of one core an hour
	Memory float64 // of one GiB (2³⁰ bytes) an hour
}

// Known reports whether somebody gave a price.
func (p Prices) Known() bool { return p.CPU > 0 || p.Memory > 0 }

// Month returns what an amount costs a month, in the currency of the prices. A resource
// without a price costs nothing.
func (p Prices) Month(a Amount) float64 {
	return (a.Cores()*p.CPU + a.GiB()*p.Memory) * HoursPerMonth
}
