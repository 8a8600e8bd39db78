/* Reads QR codes from a camera or a picture, with the decoder kept beside this site. */

const EVERY = 110;
const SIDE = 960;
let decoder;

/* Loads the decoder once; `addresses` are {script, wasm} with their fingerprints. */
export function load(addresses) {
  decoder ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = addresses.script;
    script.onload = () => {
      window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => addresses.wasm } });
      done(window.ZXingWASM);
    };
    script.onerror = () => { decoder = undefined; failed(new Error("decoder")); };
    document.head.append(script);
  });
  return decoder;
}

async function decode(picture, addresses) {
  const reader = await load(addresses);
  const found = await reader.readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
  return found.find((one) => one.isValid)?.text ?? "";
}

/* Reads one photo; a large one is made smaller first, which finds codes faster and as well. */
export async function readPhoto(file, addresses) {
  const picture = await createImageBitmap(file);
  for (const side of [SIDE, 2 * SIDE]) {
    const text = await decode(pixelsOf(picture, picture.width, picture.height, side), addresses);
    if (text) return text;
  }
  return "";
}

function pixelsOf(source, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/* Why no camera can be had here: "insecure", "wechat", "refused", "missing", "busy" or "". */
export function whyNoCamera(error) {
  const isWechat = /MicroMessenger/i.test(navigator.userAgent);
  if (!window.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return isWechat ? "wechat" : "missing";
  if (!error) return "";
  if (isWechat) return "wechat";
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "refused";
  return error.name === "NotReadableError" ? "busy" : "missing";
}

/* Shows the one reason of web/no_camera.html that is true; none when the camera works. */
export function sayWhy(root, why) {
  for (const reason of root.querySelectorAll("[data-why]")) reason.hidden = reason.dataset.why !== why;
}

/* Shows the camera in `video` and tells each code it sees; returns {stop, torch}. */
export async function watch(video, addresses, onCode) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  video.srcObject = stream;
  video.setAttribute("playsinline", "");
  video.muted = true;
  await video.play();
  await load(addresses);
  const track = stream.getVideoTracks()[0];
  let isOn = true;
  const look = async () => {
    if (!isOn) return;
    if (video.readyState >= 2 && !document.hidden) {
      const text = await decode(pixelsOf(video, video.videoWidth, video.videoHeight, SIDE), addresses);
      if (text && isOn) onCode(text);
    }
    setTimeout(look, EVERY);
  };
  look();
  return {
    stop() { isOn = false; for (const one of stream.getTracks()) one.stop(); },
    torch: track.getCapabilities?.().torch
      ? (isLit) => track.applyConstraints({ advanced: [{ torch: isLit }] })
      : null,
  };
}
