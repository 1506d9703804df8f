import { cellJson, readTable } from './table.ts';

/** What a browser or an app calls itself, and what Okta makes of it. */
interface UserAgent {
  readonly json: string;
  /** The kind of device, as `client.device` has it. */
  readonly device: string;
}

/* raw | os | browser | device */
const rows = readTable(`
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 | Windows 10 | CHROME | Computer
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15 | Mac OS X | SAFARI | Computer
Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0 | Linux | FIREFOX | Computer
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0 | Windows 10 | EDGE | Computer
Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1 | iOS (iPhone) | SAFARI | Mobile
Mozilla/5.0 (Linux; Android 14; Pixel 8 Pro) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.6723.86 Mobile Safari/537.36 | Android | CHROME | Mobile
D2DD7D3915.com.okta.android.auth/8.16.0 DeviceSDK/1.20.0 Android/14 Google/Pixel 8 Pro | Android | UNKNOWN | Mobile
Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/8.0; .NET4.0C; .NET4.0E; .NET CLR 2.0.50727; .NET CLR 3.0.30729; .NET CLR 3.5.30729; InfoPath.3; Zoom 3.6.0; Microsoft Outlook 16.0.5134; ms-office; MSOffice 16; Cpu=x64; Tablet PC 2.0; Touch; managed-by="Example Corp – Büro"; build=20348.2762.amd64fre.fe_release_svc_prod3.241015; tenant=7f3c1a52-5c1b-4a0e-9f0e-2f6d9c3b8e11; Creative AutoUpdate v1.41.09; GWX:RESERVED; BRI/2; MAARJS; Microsoft.Office.Desktop.OutlookAddIn) | Windows 10 | INTERNET EXPLORER | Computer
PostmanRuntime/7.42.0 | Unknown | UNKNOWN | Unknown
`);

/** Browsers and apps, one of them with a very long name. */
export const userAgents: readonly UserAgent[] = rows.map(
  ([raw, os, browser, device = 'Unknown']) => ({
    json: `{"rawUserAgent":${cellJson(raw)},"os":${cellJson(os)},"browser":${cellJson(browser)}}`,
    device,
  }),
);
