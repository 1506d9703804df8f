import type { Draw } from './chance.ts';
import { drawNumber } from './chance.ts';
import { cellJson, readTable } from './table.ts';

/** Where requests come from: the parts of an event that depend on it, as JSON text. */
export interface Place {
  readonly geography: string;
  readonly securityContext: string;
  readonly addressPrefix: string;
}

/*
 * Numbers and postal codes are JSON text, since no number of ours could keep the zeros of 37.76970.
 * city | state | country | postal code | latitude | longitude | address | AS number | AS owner | domain | proxy
 */
const rows = readTable(`
San Francisco | California | United States | "94107" | 37.76970 | -122.39330 | 12.97.85. | 7018 | at&t services inc. | att.com | false
New York | New York | United States | 10013 | 40.72000 | -74.00500 | 68.173.40. | 12271 | charter communications inc | rr.com | false
Ashburn | Virginia | United States | "20149" | 39.0481 | -77.4728 | 54.235.68. | 14618 | amazon.com inc. | amazonaws.com | true
Zürich | Zurich | Switzerland | "8001" | 47.36670 | 8.55000 | 2a02:aa16:1102: | 3303 | swisscom (schweiz) ag | bluewin.ch | false
München | Bavaria | Germany | "80331" | 48.13743 | 11.57549 | 2003:e5:2f1a: | 3320 | deutsche telekom ag | t-dialin.net | false
São Paulo | São Paulo | Brazil | "01310" | -23.5475 | -46.63610 | 177.32.19. | 28573 | claro s.a. | virtua.com.br | false
東京 | | Japan | "100-0001" | 35.6895 | 139.69171 | 126.72.14. | 17676 | softbank corp. | bbtec.net | false
Bengaluru | Karnataka | India | "560001" | 12.97194 | 77.59369 | 2401:4900:1cc0: | 24560 | bharti airtel ltd. | airtel.in | false
Reykjavík | Capital Region | Iceland | "101" | 64.13548 | -21.89541 | 85.220.33. | 6677 | siminn hf | simnet.is | false
London | England | United Kingdom | "EC1A" | 51.50853 | -0.12574 | 81.2.69. | 20712 | andrews & arnold ltd | aa.net.uk | false
Montréal | Quebec | Canada | "H2X" | 45.50884 | -73.58781 | 70.81.12. | 5769 | videotron ltee | videotron.ca | false
Łódź | Łódź Voivodeship | Poland | "90-001" | 51.75000 | 19.46667 | 83.27.140. | 5617 | orange polska spolka akcyjna | tpnet.pl | false
Lagos | Lagos | Nigeria | | 6.45407 | 3.39467 | 102.89.3. | 29465 | mtn nigeria communication limited | | false
Singapore | | Singapore | "018956" | 1.28967 | 103.85007 | 2406:3003:2007: | 55430 | starhub ltd | starhub.net.sg | false
Sydney | New South Wales | Australia | "2000" | -33.86785 | 151.20732 | 1.128.97. | 1221 | telstra limited | telstra.net | false
`);

/** Offices and homes all over the world. */
export const places: readonly Place[] = rows.map(
  ([
    city,
    state,
    country,
    postal = '',
    lat = '',
    lon = '',
    prefix = '',
    as = '',
    owner,
    domain,
    proxy = '',
  ]) => ({
    geography: `{"city":${cellJson(city)},"state":${cellJson(state)},"country":${cellJson(country)},"postalCode":${postal === '' ? 'null' : postal},"geolocation":{"lat":${lat},"lon":${lon}}}`,
    securityContext: `{"asNumber":${as},"asOrg":${cellJson(owner)},"isp":${cellJson(owner)},"domain":${cellJson(domain)},"isProxy":${proxy}}`,
    addressPrefix: prefix,
  }),
);

/** An IPv4 or IPv6 address of the place. */
export function drawAddress(draw: Draw, place: Place): string {
  if (!place.addressPrefix.includes(':'))
    return place.addressPrefix + String(drawNumber(draw, 1, 255));
  const group = (): string => drawNumber(draw, 1, 65536).toString(16);
  return `${place.addressPrefix}${group()}:${group()}:${group()}:${group()}:${group()}`;
}

/** One element of `request.ipChain`. */
export function ipChainElement(address: string, place: Place): string {
  const version = address.includes(':') ? 'V6' : 'V4';
  return `{"ip":"${address}","geographicalContext":${place.geography},"version":"${version}","source":null}`;
}
