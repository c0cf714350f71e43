package release

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
)

// Files are texts of files by their path; "" is a file that is not there.
type Files map[string]string

// FS gives them as a file system. An archive in memory is one that the standard
// library has.
func (f Files) FS() fs.FS {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, path := range slices.Sorted(maps.Keys(f)) {
		if f[path] == "" {
			continue
		}
		file, err := w.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store})
		if err == nil {
			_, err = file.Write([]byte(f[path]))
		}
		if err != nil {
			panic(fmt.Sprintf("files in memory: %v", err)) // memory does not fail
		}
	}
	if err := w.Close(); err != nil {
		panic(fmt.Sprintf("files in memory: %v", err))
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		panic(fmt.Sprintf("files in memory: %v", err))
	}
	return r
}

// with gives the files with one of them changed.
func (f Files) with(path, text string) Files {
	all := maps.Clone(f)
	if all == nil {
		all = Files{}
	}
	all[path] = text
	return all
}

// size is how many bytes all of them have.
func (f Files) size() (n int) {
	for _, text := range f {
		n += len(text)
	}
	return n
}
