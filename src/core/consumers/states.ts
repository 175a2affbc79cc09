/** What the United States Postal Service accepts as a state: states, the District, territories, military post. Source: USPS Publication 28, appendix B. */
export const STATE_CODES: ReadonlySet<string> = new Set(
  `AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI
   SC SD TN TX UT VT VA WA WV WI WY DC AS FM GU MH MP PR PW VI AA AE AP`.split(/\s+/),
)
