package course

import "slices"

// Campaign is a survey (khảo sát nhu cầu học nghề): for some days people of some
// communes are asked what they would learn. Their answers are wishes.
type Campaign struct {
	ID     string   `json:"id"` // at most MaxCampaignID bytes of small letters and digits: it goes into links
	Title  string   `json:"title"`
	Places []string `json:"places"` // ids in content/places.yaml, at least one
	From   Day      `json:"from"`   // the first day, never a month
	To     Day      `json:"to"`     // the last day
	By     string   `json:"by"`     // id of the member of staff who made it
}

// MaxCampaignID is how long the ID of a campaign may be.
const MaxCampaignID = 12

// Running says that the campaign asks on a day.
func (c *Campaign) Running(on Day) bool { return c.From <= on && on <= c.To }

// Campaign gives a survey, nil when there is none of the id.
func (k *Catalogue) Campaign(id string) *Campaign {
	if i := slices.IndexFunc(k.campaigns, func(c Campaign) bool { return c.ID == id }); i >= 0 {
		return &k.campaigns[i]
	}
	return nil
}

// Asking gives the survey that people of a place are asked on a day, of several
// the one that ends first; nil when there is none.
func (k *Catalogue) Asking(place string, on Day) *Campaign {
	var first *Campaign
	for i := range k.campaigns {
		c := &k.campaigns[i]
		if c.Running(on) && slices.Contains(c.Places, place) && (first == nil || c.To < first.To) {
			first = c
		}
	}
	return first
}

// Campaigns gives all surveys, as they were given to WithCampaigns.
func (k *Catalogue) Campaigns() []Campaign { return k.campaigns }

// WithCampaigns gives the catalogue with surveys in it.
func (k *Catalogue) WithCampaigns(all []Campaign) *Catalogue {
	with := *k
	with.campaigns = all
	return &with
}
