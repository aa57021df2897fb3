// Tells the server this browser's time zone, so that pages show times in it.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const cookie = `causeway_zone=${encodeURIComponent(zone)}`;
if (zone && !document.cookie.split("; ").includes(cookie)) {
  document.cookie = `${cookie}; Path=/; SameSite=Lax; Max-Age=31536000`;
}
