@echo off
rem Drop-in for the wrapper of the same name: a Script Source starts it from the installation folder.
rem   SumoJanus_Okta.bat       scheduled run: events on stdout, the log in data\, stderr silent unless the run fails
rem   SumoJanus_Okta.bat -s    checks the configuration and says what works
rem Further arguments are those of okta-collector.
setlocal
set "BIN=%~dp0"
set "NODE="
if defined OKTA_COLLECTOR_NODE (
  if exist "%OKTA_COLLECTOR_NODE%" set "NODE=%OKTA_COLLECTOR_NODE%"
) else (
  for %%I in (node.exe) do if not "%%~$PATH:I"=="" set "NODE=%%~$PATH:I"
)
if not defined NODE if not defined OKTA_COLLECTOR_NODE if exist "%ProgramFiles%\nodejs\node.exe" set "NODE=%ProgramFiles%\nodejs\node.exe"
if not defined NODE if not defined OKTA_COLLECTOR_NODE if exist "%LocalAppData%\Programs\nodejs\node.exe" set "NODE=%LocalAppData%\Programs\nodejs\node.exe"
if not defined NODE (
  >&2 echo okta-collector failed ^(exit 78^): Cannot start: Node was not found; install Node 20.19 or newer, or set OKTA_COLLECTOR_NODE to its path
  >>"%BIN%..\data\okta-collector.log" echo {"level":"error","time":"%DATE% %TIME%","message":"Cannot start: Node was not found"}
  exit /b 78
)
if "%~1"=="-s" goto setup
if "%~1"=="--setup" goto setup
"%NODE%" "%BIN%okta-collector" collect --quiet %*
exit /b %ERRORLEVEL%
:setup
"%NODE%" "%BIN%okta-collector" collect %*
exit /b %ERRORLEVEL%
