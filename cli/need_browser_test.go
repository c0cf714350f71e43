package cli_test

import (
	"testing"

	"nghe/bot/webchat/webtest"
)

// The pages of needs, the map and surveys, on a phone, on a laptop and in print.
func TestNeedsInABrowser(t *testing.T) {
	k := openConsoleOn(t, invent(t, 4000), 360, 800)
	k.visit("/console/campaigns/new")
	k.fill("title", "Khảo sát nhu cầu học nghề miền núi")
	webtest.Evaluate[int](k.Tab, `["ba-che", "ky-thuong"].forEach(p => document.querySelector("[name=place][value=" + p + "]").checked = true), 1`)
	k.look("campaign-new")
	k.Press("main form .act")
	k.heading("Khảo sát nhu cầu học nghề miền núi")
	campaign := webtest.Evaluate[string](k.Tab, "location.pathname")
	k.visit("/console/interests/new?campaign=" + campaign[len("/console/campaigns/"):])
	k.fill("ho-ten", "Bàn Thị Mai")
	k.choose("xa-phuong", "Xã Ba Chẽ")
	k.choose("nghe", "Thợ hàn")
	k.fill("thon", "Khe Lò")
	k.choose("da-dong-y", "Có")
	k.Press("main form .act")
	k.heading("Bàn Thị Mai")
	// The link of the survey opens it in the chat.
	person := asker(t, k.url+"/khao-sat/"+campaign[len("/console/campaigns/"):])
	person.sees("mình gọi bạn là gì")
	person.send("chị")
	person.sees("Khảo sát nhu cầu học nghề miền núi: xã hỏi")
	person.sees("Chị ở xã, phường nào?")
	k.walk(map[string]string{
		"needs": "/console/needs?least=5", "needs-of-place": "/console/needs?place=ba-che&least=5", "needmap": "/console/needs/map", "campaigns": "/console/campaigns", "campaign": campaign,
	})
	k.visit(campaign)
	k.says("1\nngười trả lời", "Khe Lò, Xã Ba Chẽ")
	k.visit("/console/needs/map")
	if n := webtest.Evaluate[int](k.Tab, `[...document.querySelectorAll(".map a")].length`); n != 54 {
		t.Errorf("%d tiles lead somewhere", n)
	}
	// No text leaves its tile.
	if out := webtest.Evaluate[string](k.Tab, `[...document.querySelectorAll(".map a")].filter(a => { const tile = a.querySelector("rect").getBoundingClientRect(); return [...a.querySelectorAll("text")].some(x => { const r = x.getBoundingClientRect(); return r.left < tile.left || r.right > tile.right || r.bottom > tile.bottom + 2; }); }).map(a => a.textContent).join()`); out != "" {
		t.Errorf("texts wider than their tiles: %s", out)
	}
	k.Print()
	for name, path := range map[string]string{"needs": "/console/needs?least=5", "needmap": "/console/needs/map"} {
		k.visit(path)
		k.Picture("console-" + name + "-print")
		if wide := webtest.Evaluate[int](k.Tab, "document.documentElement.scrollWidth"); wide > 794 {
			t.Errorf("%s is %d px wide in print", name, wide)
		}
	}
}
