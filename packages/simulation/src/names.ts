/** Names of firms that do not exist, made of a word and a trade. No personal data. */

import type { Random } from './random.ts';

const WORDS =
  'Fjord Cedar Acme Alder Amber Anchor Arbor Aspen Aurora Basalt Beacon Birch Bluff Boreal Breeze Brook ' +
  'Canyon Cinder Clover Cobalt Comet Coral Cove Crane Delta Drift Dune Ember Falcon Fern Flint Garnet ' +
  'Glacier Granite Grove Harbor Hazel Heron Hollow Indigo Iris Ivory Juniper Kestrel Lagoon Lantern Larch ' +
  'Lichen Linden Loom Lumen Maple Marlin Meadow Mesa Mica Mistral Moss Nimbus Northwind Oak Ochre Onyx ' +
  'Opal Orchard Osprey Otter Pebble Pine Plover Prairie Quarry Quartz Quill Raven Reef Ridge Robin Rowan ' +
  'Saffron Sage Sequoia Shale Sierra Slate Sorrel Sparrow Spruce Summit Swift Tamarack Tarn Thistle Tidal ' +
  'Topaz Tundra Umber Vale Verdant Vesper Walnut Willow Wren Zephyr';
const TRADES =
  'Freight Dental Robotics Foods Outfitters Textiles Analytics Clinics Motors Studios Optics Paper Energy ' +
  'Marine Builders Coffee Systems Pharma Travel Records Gardens Glass Homes Insurance Logistics Media ' +
  'Bikes Bakery Learning Labs';

const words = WORDS.split(' ');
const trades = TRADES.split(' ');

export const firmName = (random: Random): string => `${random.pick(words)} ${random.pick(trades)}`;
