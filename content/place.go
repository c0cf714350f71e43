package content

import "strings"

// Place is a commune-level unit of the province: a commune (xã), a ward
// (phường) or a special zone (đặc khu).
type Place struct {
	ID              string       `yaml:"id" json:"id"`
	Name            string       `yaml:"name" json:"name" jsonschema:"with xã, phường or đặc khu"`
	Kind            string       `yaml:"kind" json:"kind" jsonschema:"xa, phuong or dac-khu"`
	Lat             float64      `yaml:"lat" json:"lat" jsonschema:"degrees, of a point inside"`
	Lon             float64      `yaml:"lon" json:"lon"`
	FormerDistricts []string     `yaml:"former_districts" json:"former_districts"`
	MergedFrom      []FormerUnit `yaml:"merged_from" json:"merged_from"`
	Neighbours      []string     `yaml:"neighbours" json:"neighbours"`
	Links           []string     `yaml:"links" json:"links,omitempty" jsonschema:"units an island is reached from"`
	Tags            []string     `yaml:"tags" json:"tags,omitempty"`
}

// Short is the name without xã, phường or đặc khu.
func (p *Place) Short() string {
	for _, kind := range []string{"Xã ", "Phường ", "Đặc khu "} {
		if name, ok := strings.CutPrefix(p.Name, kind); ok {
			return name
		}
	}
	return p.Name
}

// FormerUnit is a unit until 30 June 2025 that lies in a present one.
type FormerUnit struct {
	Name       string   `yaml:"name" json:"name"`
	District   string   `yaml:"district" json:"district,omitempty"`
	Part       bool     `yaml:"part" json:"part" jsonschema:"only a part of it: the unit was split"`
	OlderNames []string `yaml:"older_names" json:"older_names,omitempty"`
}

// FormerDistrict is a district, town or city that no longer exists.
type FormerDistrict struct {
	Name    string   `yaml:"name" json:"name"`
	Aliases []string `yaml:"aliases" json:"aliases,omitempty"`
	Units   []string `yaml:"units" json:"units" jsonschema:"present units in it"`
}

// AmbiguousName is a short name that may mean several present units.
type AmbiguousName struct {
	Name  string   `yaml:"name" json:"name"`
	Units []string `yaml:"units" json:"units"`
}
