#!/bin/sh
# bench-quantize.sh makes INT8 and FP16 variants of the extractor and of the detector and
# measures their speed and accuracy: see scripts/bench/quantize.py, which takes the
# arguments. "bench-quantize.sh session" measures options of sessions instead, and
# "bench-quantize.sh processors" compares the templates of the variants that the first
# made with those that a processor without VNNI makes of them (it wants qemu-user): see
# session.py and processors.py there.
#
#   PYTHON   Python 3.10 or newer (python3); what else it needs goes into a venv
#   MODELS   folder of the standard pack (../shared/models)
#   LFW      folder of images/ and pairs.tsv (../shared/lfw)
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
venv=$root/.tools/quant
if ! [ -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import cv2, onnx, onnxruntime' 2>/dev/null; then
	rm -rf "$venv"
	"${PYTHON:-python3}" -m venv "$venv"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
		numpy==2.4.6 onnx==1.23.2 onnxruntime==1.31.1 opencv-python-headless==4.14.0.94
fi
models=${MODELS:-../shared/models}
export PYTHONDONTWRITEBYTECODE=1
case ${1-} in
session)
	shift
	exec "$venv/bin/python" scripts/bench/session.py --models "$models" "$@"
	;;
processors)
	exec "$venv/bin/python" scripts/bench/processors.py --kept .cache/variants "$models/MobileFaceNet.onnx" .cache/variants/MobileFaceNet,\ INT8*.onnx
	;;
esac
exec "$venv/bin/python" scripts/bench/quantize.py --models "$models" --lfw "${LFW:-../shared/lfw}" --kept .cache/variants "$@"
