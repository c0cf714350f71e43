package story

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // what phones and computers make

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // what is saved from pages
)

// What a picture may be.
const (
	MaxUpload = 10 << 20 // bytes, as it is handed over
	maxPixels = 50 << 20 // more is no photograph, and would take the memory
	longSide  = 1000     // of what is kept, in pixels
	quality   = 80
)

// Errors of Remake.
var (
	ErrLarge     = errors.New("the picture is too large")
	ErrNoPicture = errors.New("this is no picture in JPEG, PNG or WebP")
)

// Remake makes a JPEG of a picture in JPEG, PNG or WebP: upright, at most 1,000
// pixels at its longer side, on white. Of the file nothing is taken over but what
// is seen: neither where it was taken nor by which telephone, nor anything hidden
// behind it.
func Remake(file []byte) ([]byte, error) {
	if len(file) > MaxUpload {
		return nil, ErrLarge
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, ErrNoPicture
	}
	if config.Width <= 0 || config.Height <= 0 {
		return nil, ErrNoPicture
	}
	if config.Width > maxPixels/config.Height {
		return nil, ErrLarge
	}
	picture, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, ErrNoPicture
	}
	small := shrink(picture)
	if kind == "jpeg" {
		small = upright(small, orientation(file))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// shrink draws a picture on white, so small as it is kept.
func shrink(p image.Image) *image.RGBA {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	if long := max(w, h); long > longSide {
		w, h = max(1, w*longSide/long), max(1, h*longSide/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), p, p.Bounds(), draw.Over, nil)
	return out
}

// upright turns a picture as a camera says that it was held: 1 to 8 as in EXIF.
func upright(p *image.RGBA, how uint16) *image.RGBA {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	from := map[uint16]func(x, y int) (int, int){ // where the point of the upright picture lies
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[how]
	if from == nil {
		return p
	}
	size := image.Rect(0, 0, w, h)
	if how >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			out.SetRGBA(x, y, p.RGBAAt(from(x, y)))
		}
	}
	return out
}

// orientation reads how a camera was held from the EXIF part of a JPEG; 1 when
// it does not say.
func orientation(file []byte) uint16 {
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		marker, size := file[at+1], int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + size
		if marker == 0xda || size < 2 || end > len(file) {
			break
		}
		if marker == 0xe1 {
			if tiff, ok := bytes.CutPrefix(file[at+4:end], []byte("Exif\x00\x00")); ok {
				return orientationIn(tiff)
			}
		}
		at = end
	}
	return 1
}

// orientationIn looks for tag 0x0112 in the first directory.
func orientationIn(tiff []byte) uint16 {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	for n := order.Uint16(tiff[at:]); n > 0; n-- {
		entry := at + 2
		if at += 12; entry+12 > uint64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			return order.Uint16(tiff[entry+8:])
		}
	}
	return 1
}
