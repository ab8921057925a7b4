package themes

import "math"

// Readable is the contrast that letters need on their ground: WCAG 2.2, 1.4.3.
const Readable = 4.5

// Contrast returns the contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21,
// or 0 where one of them is not RGB, so that nobody knows.
func Contrast(a, b Color) float64 {
	if a.Kind != RGB || b.Kind != RGB {
		return 0
	}
	light, dark := a.luminance(), b.luminance()
	return (math.Max(light, dark) + 0.05) / (math.Min(light, dark) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func (c Color) luminance() float64 {
	linear := func(part uint8) float64 {
		v := float64(part) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Dark reports whether white letters are easier to read on a colour than black ones.
func (c Color) Dark() bool {
	return Contrast(c, Color{Kind: RGB, R: 255, G: 255, B: 255}) >= Contrast(c, Color{Kind: RGB})
}

// readableOn returns the colour, moved towards white or black no further than it takes
// to have the contrast on a ground.
func (c Color) readableOn(ground Color, contrast float64) Color {
	if c.Kind != RGB || ground.Kind != RGB {
		return c
	}
	var end uint8
	if ground.Dark() {
		end = 255
	}
	const steps = 100
	for i := range steps {
		moved := func(from uint8) uint8 {
			return uint8(math.Round(float64(from) + (float64(end)-float64(from))*float64(i)/steps))
		}
		if m := (Color{Kind: RGB, R: moved(c.R), G: moved(c.G), B: moved(c.B)}); Contrast(m, ground) >= contrast {
			return m
		}
	}
	return Color{Kind: RGB, R: end, G: end, B: end}
}

// Reads reports whether all letters of the theme can be read on a ground that is not
// its own.
func (t *Theme) Reads(ground Color) bool {
	for _, role := range Roles() {
		value := t.Value(role)
		letters, behind := value.Foreground, ground
		if value.Background.Kind != None {
			behind = value.Background
		}
		if role.line() || letters.Kind == None {
			continue
		}
		if Contrast(letters, behind) < Readable {
			return false
		}
	}
	return true
}
