#ps1_sysnative
# User data for cloudbase-init: allows only the controller to connect, over SSH with its key. It contains no secret, because the key
# is a public one. SSH instead of WinRM, because it needs no certificate, and the host key below identifies the machine.
# NEVER RUN: no Windows machine was available when this was written.
$ErrorActionPreference = 'Stop'

$publicKey = 'ssh-ed25519 AAAA...put-yours-here ansible@controller'
$controller = '10.1.0.5'

Add-WindowsCapability -Online -Name 'OpenSSH.Server~~~~0.0.1.0' | Out-Null
# The first start writes the host keys and the configuration.
Start-Service -Name sshd
Stop-Service -Name sshd

# sshd ignores this file unless only administrators and SYSTEM may write it.
$ssh = Join-Path -Path $env:ProgramData -ChildPath 'ssh'
$keys = Join-Path -Path $ssh -ChildPath 'administrators_authorized_keys'
Set-Content -LiteralPath $keys -Value $publicKey -Encoding ascii
icacls.exe $keys /inheritance:r /grant '*S-1-5-32-544:F' '*S-1-5-18:F' | Out-Null

# Keys only. At the top, because the first value counts, and lines after a Match line would be part of it.
$config = Join-Path -Path $ssh -ChildPath 'sshd_config'
$lines = @('PasswordAuthentication no', 'KbdInteractiveAuthentication no') + @(Get-Content -LiteralPath $config)
Set-Content -LiteralPath $config -Value $lines -Encoding ascii

$shell = "$env:SystemRoot\System32\WindowsPowerShell\v1.0\powershell.exe"
New-Item -Path 'HKLM:\SOFTWARE\OpenSSH' -Force | Out-Null
New-ItemProperty -Path 'HKLM:\SOFTWARE\OpenSSH' -Name DefaultShell -Value $shell -PropertyType String -Force | Out-Null

# The capability comes with a rule that allows everybody.
Set-NetFirewallRule -Name 'OpenSSH-Server-In-TCP' -RemoteAddress $controller

Set-Service -Name sshd -StartupType Automatic
Start-Service -Name sshd

# Printed to the log of cloudbase-init, and so to the console's: compare it before you put the key in known_hosts.
ssh-keygen.exe -l -f (Join-Path -Path $ssh -ChildPath 'ssh_host_ed25519_key.pub')
