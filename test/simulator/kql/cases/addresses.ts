import type { Case } from '../run.ts';

// Pages "parse_ipv4()", "ipv4_compare()", "ipv4_is_match()", "ipv4_is_in_range()" and kin.
export const ADDRESSES: Case[] = [
  ['parse_ipv4("192.168.1.1")', 3232235777],
  ['parse_ipv4("192.168.1.1/24")', 3232235776],
  ['parse_ipv4("255.255.255.255/31")', 4294967294],
  ['parse_ipv4("192.168.1.256")', null],
  ['ipv4_compare("192.168.1.1", "192.168.1.255")', -1],
  ['ipv4_compare("192.168.1.1/24", "192.168.1.255")', 0],
  ['ipv4_compare("192.168.1.1", "192.168.1.255", 24)', 0],
  ['ipv4_compare("192.168.1.1", "nonsense")', null],
  ['ipv4_is_match("192.168.1.1/24", "192.168.1.255/24")', true],
  ['ipv4_is_match("192.168.1.1", "192.168.1.255")', false],
  ['ipv4_is_in_range("192.168.1.6", "192.168.1.1/24")', true],
  ['ipv4_is_in_range("192.168.2.1", "192.168.2.2")', false],
  ['ipv4_is_in_any_range("192.168.1.6", "192.168.1.1/24", "10.0.0.1/8")', true],
  ['ipv4_is_in_any_range("127.0.0.1", dynamic(["127.0.0.1", "192.168.1.1"]))', true],
  ['ipv4_is_in_any_range("8.8.8.8", dynamic(["10.0.0.0/8"]))', false],
  ['ipv4_is_private("192.168.1.1/24")', true],
  ['ipv4_is_private("172.32.0.1")', false],
  ['ipv4_netmask_suffix("10.1.2.3/16")', 16],
];
