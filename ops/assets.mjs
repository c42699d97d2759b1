// Builds app/assets and the npm packages into app/static/dist: bundles, icon sprite, manifest.json.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = join(root, "app/assets");
const target = join(root, "app/static/dist");
const fresh = `${target}.new`;
const bundles = ["theme.js", "app.js", "app.css", "diagram.js", "diagram.css"];

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const files = { ...(await bundle()), ...(await sprite()), ...(await copies("favicon.svg")) };
await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(files, null, 2)}\n`);
await Promise.all(Object.values(files).map(compress));
await rm(target, { recursive: true, force: true });
await rename(fresh, target);
await report(files);

/** Bundle and minify the scripts and style sheets; answers { "app.js": "app-HASH.js", … }. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: bundles.map((name) => join(sources, name)),
    entryNames: "[name]-[hash]",
    outdir: fresh,
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: "external",
    target: ["chrome109", "firefox115", "safari16.4"],
    logLevel: "warning",
  });
  const named = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint);
  return Object.fromEntries(
    named.map(([path, output]) => [basename(output.entryPoint), basename(path)]),
  );
}

/** One file with every icon of icons.txt as a symbol, for <use href="…#name">. */
async function sprite() {
  const list = await readFile(join(sources, "icons.txt"), "utf8");
  const names = list.split("\n").filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(names.map(symbol));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  return { "icons.svg": await hashed("icons.svg", svg) };
}

async function symbol(name) {
  const path = join(root, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
  const svg = await readFile(path, "utf8").catch(() => {
    throw new Error(`app/assets/icons.txt names the icon "${name}", which @tabler/icons lacks`);
  });
  const paths = (svg.match(/<path\b[^>]*>/g) ?? []).filter((part) => !part.includes("M0 0h24v24H0z"));
  const pen = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${paths.join("")}</symbol>`;
}

async function copies(...names) {
  const copied = names.map(async (name) => {
    return [name, await hashed(name, await readFile(join(sources, name), "utf8"))];
  });
  return Object.fromEntries(await Promise.all(copied));
}

/** Write a file under a name that changes with its content, as the bundles have. */
async function hashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const stamped = name.replace(/(\.\w+)$/, `-${hash}$1`);
  await writeFile(join(fresh, stamped), content);
  return stamped;
}

/** Leave .gz and .br beside a file, for the server to send as they are. */
async function compress(name) {
  const content = await readFile(join(fresh, name));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(join(fresh, `${name}.gz`), gzipSync(content, { level: 9 }));
  await writeFile(join(fresh, `${name}.br`), brotliCompressSync(content, quality));
}

async function report(built) {
  const sizes = Object.entries(built).map(async ([name, file]) => {
    const { length } = await readFile(join(target, `${file}.gz`));
    return `${name} ${Math.ceil(length / 1024)} kB`;
  });
  console.log(`Built app/static/dist (compressed: ${(await Promise.all(sizes)).join(", ")})`);
}
