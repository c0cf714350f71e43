package notice

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is how many empty modules must surround a code (ISO/IEC 18004).
const quiet = 4

// Code draws a link as a square code (QR) in SVG, sharp at any size; black on white
// also on a dark page.
func Code(link string) ([]byte, error) {
	code, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("code of %q: %w", link, err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < 128 {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	all := size + 2*quiet
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-%d -%d %d %d" shape-rendering="crispEdges"><rect x="-%d" y="-%d" width="%d" height="%d" fill="#fff"/><path d="%s"/></svg>`,
		quiet, quiet, all, all, quiet, quiet, all, all, path.String()), nil
}
