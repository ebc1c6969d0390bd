// Boots the page /chat: one phone, full screen.
import { mountPhone, preferredLocale, rememberLocale, socketUrl } from "./chat.js";

const element = document.getElementById("phone");
const phone = mountPhone(element, {
  url: socketUrl(),
  storageKey: "complaintbot",
  locale: preferredLocale(),
  title: element.dataset.title || null,
  languageSwitch: true,
  onLocale(locale) {
    rememberLocale(locale);
    name(locale);
  },
});

function name(locale) {
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
  document.title = phone.title;
}

name(phone.locale);
