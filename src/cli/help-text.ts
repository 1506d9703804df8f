/** What stands below the options in the help of a collection. */
export const collectHelp = `
Other commands:
  okta-collector backfill --help   months of history, beside the live stream
  okta-collector check --help      whether collection would work, and what to do
  okta-collector status --help     how collection goes, for you or a monitor
  okta-collector setup --help      write the configuration, then check it
  okta-collector checkpoint --help show or change where the next run goes on
  okta-collector script-source --help   the source's JSON for Sumo Logic
  okta-collector audit --help      whether files have all events of the org
  okta-collector sandbox --help    an Okta org on this computer, to try things
  okta-collector --version

Each key of conf/sumologic.properties can also be set by an environment
variable, such as OKTA_COLLECTOR_API_TOKEN for api_token. An option wins over
the environment, and the environment over the file.

Examples:
  By hand: does the configuration work?
    okta-collector -s
  By hand: one day into a file, without touching the live stream
    okta-collector --start 2026-11-14 --end 2026-11-15 >> day.json
  Script Source of Sumo Logic, every 5 minutes
    bin/SumoJanus_Okta.bash
  cron, every 5 minutes
    */5 * * * * /opt/okta/bin/okta-collector --quiet >> /var/log/okta.json
  Everything that Okta still has, once; interrupted, it goes on where it was
    okta-collector backfill --start 90d --end now >> backfill.json

Exit codes:
   0  done, nothing to do, or stopped by a signal or at the end of its time
  64  the command line is not understood
  70  a fault of this program
  73  the checkpoint or lock file cannot be used
  74  the reader is gone or stuck, or the disk is full
  75  another run is at work, or Okta cannot be reached or asks to wait for
      longer than the run may take; the next run goes on
  76  Okta answers in a way that is not understood
  77  Okta refuses the credentials
  78  the configuration is wrong
`;
