#!/usr/bin/env bash
# Installs what rnn-mlir is built and tested with: Debian packages by apt-get, Python packages by pip into build/venv.
# Does nothing, quickly, where all is there. Works as root or with sudo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  alsa-utils ccache clang-22 clang-format-22 cmake g++ git libbenchmark-dev libclang-rt-22-dev libcli11-dev
  libgtest-dev libmlir-22-dev libonnx-dev libprotobuf-dev libyaml-cpp-dev libzstd-dev lld-22 llvm-22-dev llvm-22-tools
  mlir-22-tools ninja-build nlohmann-json3-dev protobuf-compiler python3 python3-dev python3-venv zlib1g-dev
)
requirements=(
  lit==18.* mypy==2.* "nanobind>=2.9,<4" "numpy>=1.26,<3" onnx==1.23.2 onnxruntime==1.31.* pytest==8.* pytest-xdist==3.*
  ruff==0.17.*
)
# Without its dependencies (torch among them): only its models are used.
bare_requirements=(silero-vad==6.2.3)

fail() {
  echo "setup: error: $1" >&2
  exit 1
}

case "${1:-}" in
  "") ;;
  -h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
  *) fail "expects no argument but --help, found '$1'" ;;
esac

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing ${missing[*]}"
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "must run as root, or sudo must be installed, to install packages"
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null || fail "apt-get is not here; rnn-mlir is set up on Debian 12"
  log=$(mktemp)
  "${as_root[@]}" apt-get update >"$log" 2>&1 || { cat "$log" >&2; fail "apt-get update failed"; }
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" \
    >"$log" 2>&1 </dev/null || { tail -n 20 "$log" >&2; fail "apt-get could not install ${missing[*]}"; }
  rm -f "$log"
fi

stamp=build/venv/.rnn-mlir-requirements
wanted=$(printf '%s\n' "${requirements[@]}" "${bare_requirements[@]}")
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  echo "setup: installing Python packages into build/venv: ${requirements[*]} ${bare_requirements[*]}"
  mkdir -p build
  [ -x build/venv/bin/python ] || python3 -m venv build/venv || fail "python3 -m venv failed"
  pip=(build/venv/bin/python -m pip install --quiet --disable-pip-version-check)
  "${pip[@]}" "${requirements[@]}" </dev/null || fail "pip could not install ${requirements[*]}"
  "${pip[@]}" --no-deps "${bare_requirements[@]}" </dev/null || fail "pip could not install ${bare_requirements[*]}"
  printf '%s\n' "$wanted" >"$stamp"
fi
