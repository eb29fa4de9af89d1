{% load static %}"use strict";
// Only for the moment without a connection: no page of anybody's is kept, only the one that says so.
const KEPT = "pingju-offline-2";
const LANGUAGE = new URL(self.location).searchParams.get("lang") === "en" ? "en" : "zh-hans";
const PAGE = `{% url 'offline' %}?language=${LANGUAGE}`;
const PARTS = ["{% static 'pingju/app.css' %}", "{% static 'pingju/logo.svg' %}"];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([PAGE, ...PARTS])));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
  );
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (PARTS.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
