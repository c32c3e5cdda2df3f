// Towns and Kreise on the map: we have a point of each, no border. Near enough to tell them apart they show as rings.
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import type { Position } from "./shapes";

/** From this enlargement on a click means a town or Kreis; before, a prefecture or Land. */
export const NEAR_ZOOM = 7;
const REACH_PX = 14;
const SOURCE = "places";

type Told = Record<string, string>;

interface Read {
  features: { properties: Told; geometry: { coordinates: Position } }[];
}

/** One town or Kreis: the code that the form takes, that of its prefecture or Land, its name in the page's language. */
export interface Town {
  code: string;
  unit: string;
  name: string;
  at: Position;
}

export interface Pixel {
  x: number;
  y: number;
}

function town({ properties, geometry }: Read["features"][number]): Town {
  const own = properties[document.documentElement.lang] ?? properties.en ?? properties.ja ?? properties.de ?? properties.ko;
  return { code: properties.code ?? "", unit: properties.in ?? "", name: own ?? properties.code ?? "", at: geometry.coordinates };
}

/** All of them, drawn on a map by whether they are chosen. */
export class Places {
  private readonly painted = new Map<string, boolean>();
  private readonly byCode: Map<string, Town>;

  private constructor(
    private readonly map: MapLibre,
    private readonly all: Town[],
  ) {
    this.byCode = new Map(all.map((one) => [one.code, one]));
  }

  static async on(map: MapLibre): Promise<Places> {
    const answer = await fetch("/static/places.json");
    if (!answer.ok) throw new Error(`places: ${answer.status}`);
    const read = (await answer.json()) as Read;
    void map.getSource<GeoJSONSource>(SOURCE)?.setData(read as never);
    return new Places(map, read.features.map(town));
  }

  get(code: string): Town | undefined {
    return this.byCode.get(code);
  }

  /** The one nearest a pixel of the map, as far as a finger reaches. */
  under(point: Pixel): Town | undefined {
    const reach = (one: Town) => {
      const { x, y } = this.map.project(one.at);
      return Math.hypot(x - point.x, y - point.y);
    };
    const close = this.inside({ x: point.x - REACH_PX, y: point.y - REACH_PX }, { x: point.x + REACH_PX, y: point.y + REACH_PX });
    const [nearest] = close.map((one) => ({ one, off: reach(one) })).sort((a, b) => a.off - b.off);
    return nearest && nearest.off <= REACH_PX ? nearest.one : undefined;
  }

  /** All between two pixels of the map. */
  inside(a: Pixel, b: Pixel): Town[] {
    const [one, other] = [this.map.unproject([a.x, a.y]), this.map.unproject([b.x, b.y])];
    const [west, east] = [Math.min(one.lng, other.lng), Math.max(one.lng, other.lng)];
    const [south, north] = [Math.min(one.lat, other.lat), Math.max(one.lat, other.lat)];
    return this.all.filter(({ at: [lon, lat] }) => lon >= west && lon <= east && lat >= south && lat <= north);
  }

  /** Draw what is chosen, itself or with its unit, as chosen; only what has changed is told to the map. */
  paint(chosen: string[]): void {
    const known = new Set(chosen);
    for (const { code, unit } of this.all) {
      const on = known.has(code) || known.has(unit);
      if ((this.painted.get(code) ?? false) === on) continue;
      this.map.setFeatureState({ source: SOURCE, id: code }, { chosen: on });
      this.painted.set(code, on);
    }
  }
}
