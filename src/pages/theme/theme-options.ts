import { defineOptions, text } from '../../config/option-section.js';

export interface ThemeOptions {
  readonly pagesBrand: string;
  readonly pagesTheme: string;
  readonly pagesTemplates: string;
}

export const themeOptions = defineOptions<ThemeOptions>({
  title: 'Look of the pages',
  specs: {
    pagesBrand: text({
      default: '',
      shape: 'name,logo.svg,#1f4fbf/#8fb1ff',
      description:
        'Name, logo file (SVG, PNG or WebP, at most 64 kB) and accent colour of the pages; each may be empty. The second colour is for the dark scheme; without it one is derived from the first. Each must have a contrast of 4.5:1 on the background.',
    }),
    pagesTheme: text({
      default: '',
      shape: 'file',
      description:
        'CSS file that sets custom properties of the pages, and nothing else: `:root { --accent: #1f4fbf; }`. Empty: none.',
    }),
    pagesTemplates: text({
      default: '',
      shape: 'folder',
      description:
        'Folder with templates, `<template>.eta`, that replace the built-in pages of the same name, or `layout.eta`. `npx coatcheck pages check` judges them. Empty: none.',
    }),
  },
});
