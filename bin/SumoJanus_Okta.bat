@echo off
rem Drop-in for the wrapper of the same name: a Script Source starts it from the installation folder.
rem   SumoJanus_Okta.bat       scheduled run: events on stdout, the log in data\, stderr silent unless the run fails
rem   SumoJanus_Okta.bat -s    sets up, by questions at a terminal or by options; with neither it only checks what works
rem Further arguments are those of okta-collector.
setlocal
set "BIN=%~dp0"
rem What Node itself wants to say belongs in the log, from its very first moment on.
set "NODE_NO_WARNINGS=1"
rem In an archive the program has its Node inside; elsewhere it is a script for one that is installed.
if not exist "%BIN%okta-collector.exe" goto find
set PROGRAM="%BIN%okta-collector.exe"
if not defined OKTA_COLLECTOR_NODE goto run
>&2 echo okta-collector failed (exit 78): Cannot start: OKTA_COLLECTOR_NODE is set, but this okta-collector has its own Node inside; unset it, or install the npm package to run on that one
>>"%BIN%..\data\okta-collector.log" echo {"level":"error","time":"%DATE% %TIME%","message":"Cannot start: OKTA_COLLECTOR_NODE is set, but this okta-collector has its own Node inside"}
exit /b 78
:find
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
set PROGRAM="%NODE%" "%BIN%okta-collector"
:run
if "%~1"=="-s" goto setup
if "%~1"=="--setup" goto setup
%PROGRAM% collect --quiet %*
exit /b %ERRORLEVEL%
:setup
%PROGRAM% setup %*
exit /b %ERRORLEVEL%
