#!/bin/sh
# Installs 条例学考 from this folder, with the network off. A second run with a newer bundle is the upgrade.
set -eu
umask 022

prefix=/opt/quizapp
data=
user=quizapp
port=8000
python=
service=yes
backup=yes
wait_seconds=60

usage() {
  cat <<'END'
用法：sh install.sh [选项]
  --prefix 目录    程序安装到哪里，默认/opt/quizapp
  --data 目录      数据放在哪里，默认/var/lib/quizapp；不安装服务时默认为程序目录下的data
  --user 用户      以哪个系统用户运行，默认quizapp，没有时自动建立
  --port 端口      本机监听的端口，默认8000（安装后在设置文件中修改）
  --python 程序    使用哪个Python，默认自动查找
  --no-service     只安装程序，不建立用户、不安装系统服务（不需要root）
  --no-backup      升级前不备份数据库
END
}

say() { printf '%s\n' "$@"; } # a line for each
die() { # die WHAT NEXT...: what happened, then what to do
  printf '错误：%s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" >&2
  exit 1
}
value() { [ $# -ge 2 ] || die "$1后面缺少内容。" "没有安装任何内容。用法见 sh install.sh --help"; }

while [ $# -gt 0 ]; do
  case $1 in
  --prefix) value "$@"; prefix=$2; shift 2 ;;
  --data) value "$@"; data=$2; shift 2 ;;
  --user) value "$@"; user=$2; shift 2 ;;
  --port) value "$@"; port=$2; shift 2 ;;
  --python) value "$@"; python=$2; shift 2 ;;
  --no-service) service=no; shift ;;
  --no-backup) backup=no; shift ;;
  --help | -h) usage; exit 0 ;;
  *) die "不认识的选项$1。" "没有安装任何内容。用法见 sh install.sh --help" ;;
  esac
done
for folder in "$prefix" "$data"; do
  case $folder in
  *[!A-Za-z0-9._/-]*) die "目录$folder含有空格或特殊字符。" "没有安装任何内容。请换一个只含字母、数字的目录。" ;;
  '' | /*) ;;
  *) die "目录$folder不是完整路径。" "没有安装任何内容。请写以/开头的完整路径。" ;;
  esac
done
case $port in '' | *[!0-9]*) die "端口$port不是数字。" "没有安装任何内容。" ;; esac

# 1. What came is what was sent, and fits this machine -----------------------------------------------------------

here=$(cd "$(dirname "$0")" && pwd)
wanted=$(cat "$here/PYTHON")
(cd "$here" && sha256sum --check --strict --quiet SHA256SUMS) >&2 ||
  die "安装包不完整或已损坏，见上面列出的文件。" "没有安装任何内容。请重新复制安装包并解压，再运行一次。"

fits() {
  command -v "$1" >/dev/null 2>&1 &&
    "$1" -c 'import sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])' "$wanted" 2>/dev/null
}
if [ -n "$python" ]; then
  fits "$python" || die "$python不是Python $wanted。" "没有安装任何内容。"
else
  for candidate in "python$wanted" python3; do
    if fits "$candidate"; then python=$candidate; break; fi
  done
  [ -n "$python" ] || die "本机没有Python $wanted。" \
    "没有安装任何内容。请从操作系统的安装介质安装python$wanted，或用--python指明它在哪里。"
fi
python=$(command -v "$python")
case $(uname -m) in
x86_64 | aarch64) ;;
*) die "本安装包用于x86_64和aarch64，本机是$(uname -m)。" "没有安装任何内容。" ;;
esac
"$python" -c 'import platform, sys
name, version = platform.libc_ver()
sys.exit(name != "glibc" or tuple(map(int, version.split("."))) < (2, 28))' ||
  die "本机的C运行库太旧或不是glibc，需要glibc 2.28以上。" "没有安装任何内容。请使用较新的操作系统。"

if [ "$service" = yes ]; then
  [ "$(id -u)" -eq 0 ] || die "安装系统服务需要root。" \
    "没有安装任何内容。请用sudo运行；只安装程序的，加--no-service。"
  command -v systemctl >/dev/null || die "本机没有systemd。" "没有安装任何内容。只安装程序的，加--no-service。"
  data=${data:-/var/lib/quizapp}
  settings=/etc/quizapp/quizapp.env
else
  data=${data:-$prefix/data}
  settings=$prefix/quizapp.env
fi

# 2. The program, beside an older one that may still be running --------------------------------------------------

requirement=$(head -n 1 "$here/requirements.txt")
version=${requirement#quizapp==}
version=${version%% *}-$(sha256sum "$here/SHA256SUMS" | cut -c 1-8)
target=$prefix/versions/$version
if [ -e "$target/complete" ]; then
  say "程序$version已经装好，不再重复安装。"
else
  say "安装程序$version到$target……"
  mkdir -p "$prefix/versions"
  "$python" -m venv --without-pip --clear "$target"
  "$target/bin/python" "$(ls "$here"/wheels/pip-*.whl)/pip" --isolated install --quiet \
    --no-index --find-links "$here/wheels" --require-hashes --no-deps --only-binary :all: \
    --no-cache-dir --disable-pip-version-check --no-warn-script-location \
    --requirement "$here/requirements.txt" ||
    die "安装组件时出错，见上面的说明。" "正在运行的程序和数据都没有改动。排除原因后再运行一次即可。"
  cp "$here/sbom.cdx.json" "$target/"
  : >"$target/complete"
fi

# 3. Whose it is, where the data is ------------------------------------------------------------------------------

if [ "$service" = yes ] && ! id "$user" >/dev/null 2>&1; then
  useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$user"
  say "已建立系统用户$user。"
fi
mkdir -p "$data" "$(dirname "$settings")" "$prefix/bin"
if [ ! -e "$settings" ]; then
  cat >"$settings" <<END
# 条例学考的设置，一行一项；修改后重新启动服务。全部设置见使用说明。
QUIZAPP_INSTANCE_DIR=$data
# 启动选项：监听的端口；需要HTTPS或让其他机器访问时，在这里加--host、--tls-cert、--tls-key。
SERVE_OPTIONS="--port $port"
END
fi
chmod 640 "$settings"
if [ "$service" = yes ]; then
  chown root:"$user" "$settings"
  chown -R "$user:$user" "$data"
  chmod 750 "$data"
fi
cat >"$prefix/bin/quizapp" <<END
#!/bin/sh
# 以服务所用的用户和设置执行命令。
set -eu
umask 027
if [ "\$(id -u)" -eq 0 ] && [ "$service" = yes ]; then
  cd "$data"
  exec runuser -u "$user" -- "\$0" "\$@"
fi
set -a
. "$settings"
set +a
exec "$prefix/current/bin/quizapp" "\$@"
END
chmod 755 "$prefix/bin/quizapp"

# 4. Changing over -----------------------------------------------------------------------------------------------

old=$(readlink "$prefix/current" 2>/dev/null || true)
if [ -n "$old" ] && [ "$old" != "$target" ] && [ "$backup" = yes ]; then
  kept=$data/backups/before-$version-$(date +%Y%m%d%H%M%S)
  mkdir -p "$data/backups"
  [ "$service" = no ] || chown "$user:$user" "$data/backups"
  "$prefix/bin/quizapp" backup "$kept" ||
    die "升级前的备份没有成功，见上面的说明。" "没有升级，原来的程序和数据都没有改动。排除原因后再运行一次；已经另行备份的，加--no-backup。"
  say "升级前的备份：$kept"
fi
[ "$service" = no ] || systemctl stop quizapp 2>/dev/null || true
ln -sfn "$target" "$prefix/current.new"
mv -T "$prefix/current.new" "$prefix/current"
"$prefix/bin/quizapp" db prepare || {
  if [ -n "$old" ]; then
    ln -sfn "$old" "$prefix/current.new"
    mv -T "$prefix/current.new" "$prefix/current"
    [ "$service" = no ] || systemctl start quizapp
  fi
  die "准备数据库时出错，见上面的说明。" "已改回原来的程序，数据没有丢失。请保留以上说明并联系技术人员。"
}
[ -n "$old" ] || "$prefix/bin/quizapp" people first-admin || true

if [ "$service" = no ]; then
  say "已安装。启动：$prefix/bin/quizapp serve --port $port" "网址：http://127.0.0.1:$port/"
  exit 0
fi

# 5. The service -------------------------------------------------------------------------------------------------

sed -e "s|@USER@|$user|g" -e "s|@DATA@|$data|g" -e "s|@SETTINGS@|$settings|g" -e "s|@PREFIX@|$prefix|g" \
  "$here/quizapp.service" >/etc/systemd/system/quizapp.service
systemctl daemon-reload
systemctl enable --quiet quizapp
systemctl restart quizapp
listening=$(sed -n 's/^SERVE_OPTIONS=.*--port[ =]\([0-9]*\).*/\1/p' "$settings")
"$python" - "${listening:-8000}" "$wait_seconds" <<'END' || die "服务没有在规定时间内就绪。" "程序和数据都已装好。查看原因：journalctl -u quizapp -e"
import sys, time, urllib.request
until = time.monotonic() + int(sys.argv[2])
while time.monotonic() < until:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/healthz", timeout=5)
        sys.exit(0)
    except OSError:
        time.sleep(0.5)
sys.exit(1)
END
say "已安装并启动。网址：http://127.0.0.1:${listening:-8000}/" \
  "设置：$settings（修改后执行systemctl restart quizapp）" \
  "命令：$prefix/bin/quizapp --help    日志：journalctl -u quizapp"
