package screen_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

func TestAge(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", -time.Hour: "0s", 999 * time.Millisecond: "0s", time.Second: "1s", 119 * time.Second: "119s",
		2 * time.Minute: "2m", 119 * time.Minute: "119m", 2 * time.Hour: "2h", 47 * time.Hour: "47h",
		48 * time.Hour: "2d", 1000 * 24 * time.Hour: "1000d",
	} {
		if got := screen.Age(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
		if got := screen.Since(screentest.Noon, screentest.Noon.Add(-d)); got != want {
			t.Errorf("%v before noon is %q, want %q", d, got, want)
		}
	}
	if got := screen.Since(screentest.Noon, time.Time{}); got != "" {
		t.Errorf("what has no time is %q old", got)
	}
}

func TestLasting(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0.0 ms", 120 * time.Microsecond: "0.1 ms", 4300 * time.Microsecond: "4.3 ms", 61 * time.Millisecond: "61 ms",
		999 * time.Millisecond: "999 ms", 1234 * time.Millisecond: "1.2 s", 12 * time.Second: "12 s", 90 * time.Second: "90 s",
	} {
		if got := screen.Lasting(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	const ki, mi, gi = 1 << 10, 1 << 20, 1 << 30
	for n, want := range map[float64]string{
		0: "0", 512: "512", 1023: "1023", ki: "1Ki", 64 * ki: "64Ki", 1536 * ki: "2Mi", 10 * mi: "10Mi",
		gi: "1Gi", 1536 * mi: "1536Mi", 11.6 * gi: "12Gi", 4 * 1024 * gi: "4Ti",
	} {
		if got := screen.Bytes(n); got != want {
			t.Errorf("%.0f bytes are %q, want %q", n, got, want)
		}
	}
}
