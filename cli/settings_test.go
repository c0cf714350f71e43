package cli_test

import (
	"testing"
)

// What the province settles for all that is told unasked is changed on a phone
// and looked at on a laptop.
func TestTheProvinceSettlesWhatIsToldUnasked(t *testing.T) {
	k := openConsoleOn(t, invent(t, 10), 360, 740)
	k.visit("/console/rules")
	k.look("rules")
	k.fill("per_week", "40")
	k.Press("main form .act")
	k.says("từ 1 đến 21 tin")
	k.look("rules-wrong")
	k.fill("per_week", "2")
	k.Press("main form .act")
	k.says("Đã lưu quy định")

	k.visit("/console/reminders")
	k.look("reminders")
	k.Press(`#closes-7 form button`)
	k.says("Đã tắt")
	k.Click(`#closes-7 summary`)
	k.look("reminders-off")

	k.visit("/console/bank-days")
	k.look("bank-days-empty")
	k.visit("/console/bank-days/new?place=ba-che")
	k.fill("day", "30")
	k.fill("hours", "từ 8 giờ đến 11 giờ")
	k.fill("where", "trụ sở UBND xã")
	k.Press("main form .act")
	k.says("từ 1 đến 28")
	k.look("bank-day-wrong")
	k.fill("day", "12")
	k.Press("main form .act")
	k.says("Đã lưu ngày giao dịch", "ngày 12 hằng tháng, từ 8 giờ đến 11 giờ")
	k.look("bank-days")

	k.walk(map[string]string{"rules": "/console/rules", "reminders": "/console/reminders", "bank-days": "/console/bank-days", "bank-day": "/console/bank-days/ba-che"})
	k.Dark(true)
	k.look("settings-dark")
	for _, other := range k.OtherHosts(k.url) {
		t.Errorf("asked another host: %s", other)
	}
}
